import { isObject, type Value } from '../value.ts';
import { deepEqual } from './deep-equal.ts';
import { valueSchema, type Schema } from './schema.ts';

/**
 * A value together with the one it replaces, matched by field, map key and list-map key (KEP-4008, ratcheting). There is
 * none where the old value cannot be told, such as in atomic lists and sets.
 */
export class Correlation {
  readonly #schema: Schema;
  readonly #value: Value;
  readonly #old: Value;
  #equal: boolean | undefined;

  constructor(schema: Schema, value: Value, old: Value) {
    this.#schema = schema;
    this.#value = value;
    this.#old = old;
  }

  /** True if nothing changed: then what is wrong now was wrong before. */
  get unchanged(): boolean {
    this.#equal ??= this.#compare();
    return this.#equal;
  }

  field(name: string): Correlation | undefined {
    if (!isObject(this.#value) || !isObject(this.#old)) return undefined;
    const value = this.#value[name];
    const old = this.#old[name];
    const schema = this.#schema.properties.get(name) ?? valueSchema(this.#schema);
    if (value === undefined || old === undefined || schema === undefined) return undefined;
    return new Correlation(schema, value, old);
  }

  item(position: number): Correlation | undefined {
    const { items } = this.#schema;
    if (!items || !Array.isArray(this.#value) || !Array.isArray(this.#old)) return undefined;
    const value = this.#value[position];
    if (value === undefined || this.#schema.listType !== 'map') return undefined;
    const old = oldListMapItem(this.#schema, this.#old, value);
    return old === undefined ? undefined : new Correlation(items, value, old);
  }

  #compare(): boolean {
    const [value, old] = [this.#value, this.#old];
    if (Array.isArray(value) && Array.isArray(old)) {
      if (value.length !== old.length) return false;
      if (this.#schema.listType !== 'map') return deepEqual(value, old);
      return value.every((_, position) => this.item(position)?.unchanged === true);
    }
    if (!isObject(value) || !isObject(old)) return deepEqual(value, old);
    const names = Object.keys(value);
    return names.length === Object.keys(old).length && names.every((name) => this.#fieldUnchanged(name));
  }

  #fieldUnchanged(name: string): boolean {
    return this.field(name)?.unchanged === true;
  }
}

/** The item of an old list-map that has the same keys as the given one. */
export function oldListMapItem(schema: Schema, old: readonly Value[], item: Value): Value | undefined {
  if (schema.listType !== 'map' || !isObject(item)) return undefined;
  const keyOf = (value: Value, name: string): Value | undefined =>
    isObject(value) ? (value[name] ?? schema.items?.properties.get(name)?.default) : undefined;
  // An item without a key is like no other.
  if (schema.listMapKeys.some((name) => keyOf(item, name) === undefined)) return undefined;
  return old.find(
    (candidate) =>
      isObject(candidate) && schema.listMapKeys.every((name) => deepEqual(keyOf(candidate, name), keyOf(item, name))),
  );
}
