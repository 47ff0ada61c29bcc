import { isObject, type ObjectValue, type Value } from '../value.ts';
import type { Declaration, DeclaredField } from './declaration.ts';
import { parseLooseDuration } from './duration.ts';
import { celEquals } from './equality.ts';
import { parseDate, parseTimestamp } from './timestamp.ts';
import {
  ArrayList,
  Duration,
  Failure,
  isMap,
  itemsOf,
  Timestamp,
  type CelList,
  type CelMap,
  type CelValue,
} from './value.ts';

/** A JSON value as an expression sees it; parts are converted when they are looked at. */
export function toCel(value: Value, declared: Declaration): CelValue {
  if (value === null) return null;
  if (declared.format && typeof value === 'string') return formatted(value, declared.format);
  if (declared.type.kind === 'dyn') return untyped(value);
  if (declared.type.kind === 'double' && (typeof value === 'number' || typeof value === 'bigint')) return Number(value);
  if (Array.isArray(value)) return declared.element ? new JsonList(value, declared) : untyped(value);
  if (isObject(value)) return declared.fields ? new JsonObject(value, declared) : mapOrUntyped(value, declared);
  return untyped(value);
}

function mapOrUntyped(value: ObjectValue, { element }: Declaration): CelValue {
  return element ? new JsonMap(value, element) : untyped(value);
}

function formatted(text: string, format: NonNullable<Declaration['format']>): CelValue {
  switch (format) {
    case 'byte':
      return Uint8Array.from(Buffer.from(text, 'base64'));
    case 'duration': {
      const nanos = parseLooseDuration(text);
      return nanos === undefined ? new Failure(`Invalid duration ${text}`) : new Duration(nanos);
    }
    default: {
      const nanos = format === 'date' ? parseDate(text) : parseTimestamp(text);
      return nanos === undefined ? new Failure(`Invalid ${format} ${text}`) : new Timestamp(nanos);
    }
  }
}

const anything: Declaration = { type: { kind: 'dyn' }, maxElements: 0, minSize: 0 };
const anyList: Declaration = { ...anything, type: { kind: 'list', element: anything.type }, element: anything };

/** A value without a schema: whole numbers are ints. */
function untyped(value: Value): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return new JsonList(value, anyList);
  return isObject(value) ? new JsonMap(value, anything) : value;
}

/** A list of JSON values. */
class JsonList implements CelList {
  readonly isList = true;
  readonly #items: readonly Value[];
  readonly #declared: Declaration;

  constructor(items: readonly Value[], declared: Declaration) {
    this.#items = items;
    this.#declared = declared;
  }

  get size(): number {
    return this.#items.length;
  }

  at(position: number): CelValue {
    return toCel(this.#items[position] ?? null, this.#declared.element ?? anything);
  }

  equals(other: CelList): boolean {
    if (this.size !== other.size) return false;
    const [mine, others] = [itemsOf(this), itemsOf(other)];
    if (this.#declared.list?.kind === 'set')
      return mine.every((item) => others.some((candidate) => celEquals(item, candidate)));
    if (this.#declared.list?.kind === 'map')
      return mine.every((item) => {
        const match = others.find((candidate) => this.#sameKeys(item, candidate));
        return match !== undefined && celEquals(item, match);
      });
    return mine.every((item, position) => celEquals(item, others[position] ?? null));
  }

  /** A union for sets and lists with keys, where the right side wins; else one list after the other. */
  plus(other: CelList): CelValue {
    const [mine, others] = [itemsOf(this), itemsOf(other)];
    const kind = this.#declared.list?.kind ?? 'atomic';
    if (kind === 'atomic') return new ArrayList([...mine, ...others]);
    const same = (a: CelValue, b: CelValue): boolean => (kind === 'set' ? celEquals(a, b) : this.#sameKeys(a, b));
    const kept = mine.map((item) => others.find((candidate) => same(item, candidate)) ?? item);
    const added = others.filter((candidate) => !mine.some((item) => same(item, candidate)));
    return new ArrayList([...kept, ...added]);
  }

  #sameKeys(a: CelValue, b: CelValue): boolean {
    const { list } = this.#declared;
    if (list?.kind !== 'map' || a === null || b === null || !isMap(a) || !isMap(b)) return false;
    return list.keys.every((key) => celEquals(a.get(key) ?? null, b.get(key) ?? null));
  }
}

/** A map of JSON values: its keys are data. */
class JsonMap implements CelMap {
  readonly isMap = true;
  readonly #fields: ObjectValue;
  readonly #element: Declaration;

  constructor(fields: ObjectValue, element: Declaration) {
    this.#fields = fields;
    this.#element = element;
  }

  get size(): number {
    return Object.keys(this.#fields).length;
  }

  get(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#fields, key)) return undefined;
    return toCel(this.#fields[key] ?? null, this.#element);
  }

  keys(): readonly CelValue[] {
    return Object.keys(this.#fields).sort();
  }
}

/** An object with declared fields; a field that is null is not there. */
class JsonObject implements CelMap {
  readonly isMap = true;
  readonly #value: ObjectValue;
  readonly #fields: ReadonlyMap<string, DeclaredField>;
  readonly typeName: string;

  constructor(value: ObjectValue, declared: Declaration) {
    this.#value = value;
    this.#fields = declared.fields ?? new Map<string, DeclaredField>();
    this.typeName = declared.type.kind === 'object' ? declared.type.name : 'object';
  }

  get size(): number {
    return Object.keys(this.#value).length;
  }

  get(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string') return undefined;
    const field = this.#fields.get(key) ?? this.#fields.get(`__${key}__`);
    if (field === undefined || !Object.hasOwn(this.#value, field.name)) return undefined;
    const value = this.#value[field.name] ?? null;
    return value === null ? undefined : toCel(value, field.type);
  }

  keys(): readonly CelValue[] {
    return [...this.#fields.keys()].filter((name) => this.get(name) !== undefined);
  }

  /** Fields that are not declared count as well. */
  equals(other: CelMap): boolean {
    if (!(other instanceof JsonObject)) return false;
    const names = Object.keys(this.#value);
    if (names.length !== Object.keys(other.#value).length) return false;
    const byName = new Map([...this.#fields.values()].map((field) => [field.name, field.type]));
    return names.every((name) => {
      const [mine, others] = [this.#value[name], other.#value[name]];
      const type = byName.get(name) ?? anything;
      return mine !== undefined && others !== undefined && celEquals(toCel(mine, type), toCel(others, type));
    });
  }
}
