/** A CEL value at run time. int is bigint, double is number. A Failure is an evaluation error on its way up. */
export type CelValue =
  | bigint
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | CelList
  | CelMap
  | Optional
  | TypeValue
  | Opaque
  | Failure;

/** An unsigned integer. */
export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A point in time, in nanoseconds since the epoch. */
export class Timestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A span of time in nanoseconds. */
export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** An optional value; undefined inside means none. */
export class Optional {
  readonly value: CelValue | undefined;
  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

/** A type as a value: `type(1)`, `int`. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A value of a Kubernetes library; what it holds is that library's business. */
export interface Opaque {
  readonly opaque: string;
  equals(other: Opaque): boolean;
}

/** What went wrong in an evaluation. Fatal ones cannot be absorbed by `||`, `&&`, `all` and `exists`. */
export class Failure {
  readonly message: string;
  readonly fatal: boolean;
  constructor(message: string, fatal = false) {
    this.message = message;
    this.fatal = fatal;
  }
}

/** How the items of a list are told apart: by place, as a set, or by keys. */
export interface CelList {
  readonly isList: true;
  readonly size: number;
  /** The item at a place that exists. */
  at(position: number): CelValue;
  /** Equality and union of lists that are sets or maps are their own (x-kubernetes-list-type). */
  equals?(other: CelList): boolean;
  plus?(other: CelList): CelValue;
}

export interface CelMap {
  readonly isMap: true;
  readonly size: number;
  get(key: CelValue): CelValue | undefined;
  keys(): readonly CelValue[];
  /** For objects: compares fields that expressions cannot see too. */
  equals?(other: CelMap): boolean;
  /** The name of an object type; absent for maps. */
  readonly typeName?: string;
}

/** A list made in an expression. */
export class ArrayList implements CelList {
  readonly isList = true;
  readonly items: readonly CelValue[];
  constructor(items: readonly CelValue[]) {
    this.items = items;
  }
  get size(): number {
    return this.items.length;
  }
  at(position: number): CelValue {
    return this.items[position] ?? null;
  }
}

/** A map made in an expression. */
export class EntryMap implements CelMap {
  readonly isMap = true;
  readonly #entries = new Map<string, readonly [CelValue, CelValue]>();
  readonly typeName?: string;
  /** With the name of its type, if it is an object. */
  constructor(typeName?: string) {
    if (typeName !== undefined) this.typeName = typeName;
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: CelValue): CelValue | undefined {
    return this.#entries.get(keyText(key))?.[1];
  }
  set(key: CelValue, value: CelValue): this {
    this.#entries.set(keyText(key), [key, value]);
    return this;
  }
  keys(): readonly CelValue[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
}

/** One text for all numerically equal keys, as CEL compares keys across number types. */
function keyText(key: CelValue): string {
  if (key instanceof Uint) return `n${key.value}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (typeof key === 'number') return Number.isInteger(key) ? `n${BigInt(key)}` : `d${key}`;
  return `${typeof key}:${String(key)}`;
}

export const isList = (value: CelValue): value is CelList =>
  typeof value === 'object' && value !== null && 'isList' in value;
export const isMap = (value: CelValue): value is CelMap =>
  typeof value === 'object' && value !== null && 'isMap' in value;
export const isOpaque = (value: CelValue): value is Opaque =>
  typeof value === 'object' && value !== null && 'opaque' in value;

/** All items of a list. */
export function itemsOf(list: CelList): readonly CelValue[] {
  if (list instanceof ArrayList) return list.items;
  return Array.from({ length: list.size }, (_, position) => list.at(position));
}

/** The name of a value's type, as `type(x)` and errors give it. */
export function typeNameOf(value: CelValue): string {
  if (value === null) return 'null_type';
  if (typeof value === 'object') return objectTypeName(value);
  return primitiveNames[typeof value] ?? 'dyn';
}

const primitiveNames: Readonly<Record<string, string>> = {
  bigint: 'int',
  number: 'double',
  string: 'string',
  boolean: 'bool',
};

function objectTypeName(value: Exclude<CelValue, bigint | number | string | boolean | null>): string {
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Failure) return 'error';
  if (isList(value)) return 'list';
  if (isMap(value)) return value.typeName ?? 'map';
  return value.opaque;
}
