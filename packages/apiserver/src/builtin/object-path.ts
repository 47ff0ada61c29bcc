import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';

const nothing: ObjectValue = Object.freeze({});

/** The objects in a list field; none if it is absent. */
export function itemsOf(object: ObjectValue | undefined, key: string): readonly ObjectValue[] {
  const items = object?.[key];
  return Array.isArray(items) ? items.filter(isObject) : [];
}

/** An object field, to read from: a frozen empty one if it is absent. */
export function objectAt(object: ObjectValue | undefined, key: string): ObjectValue {
  const value = object?.[key];
  return isObject(value) ? value : nothing;
}

/** An object field, or nothing. */
export function maybeObject(object: ObjectValue | undefined, key: string): ObjectValue | undefined {
  const value = object?.[key];
  return isObject(value) ? value : undefined;
}

/** A string field; '' if it is absent. */
export function textAt(object: ObjectValue | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'string' ? value : '';
}

/** A number field; undefined if it is absent. */
export function numberAt(object: ObjectValue | undefined, key: string): number | undefined {
  const value = object?.[key];
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;
}

/** The strings in a list field. */
export function textsAt(object: ObjectValue | undefined, key: string): readonly string[] {
  const items = object?.[key];
  return Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [];
}

/** A map of strings, such as labels. */
export function mapAt(object: ObjectValue | undefined, key: string): Readonly<Record<string, string>> {
  const value = object?.[key];
  return isObject(value) ? (value as Record<string, string>) : {};
}

/** A value some levels down: `valueAt(pod, 'spec', 'nodeName')`. */
export function valueAt(object: ObjectValue | undefined, ...path: readonly string[]): Value | undefined {
  let at: Value | undefined = object;
  for (const key of path) {
    if (!isObject(at)) return undefined;
    at = at[key];
  }
  return at;
}

/** An object field to write to, made if it is missing. */
export function ensureObject(object: ObjectValue, key: string): ObjectValue {
  const value = object[key];
  if (isObject(value)) return value;
  const made: ObjectValue = {};
  object[key] = made;
  return made;
}

/** Sets a field, or removes it where there is nothing to set. */
export function assign(object: ObjectValue, key: string, value: Value | undefined): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}
