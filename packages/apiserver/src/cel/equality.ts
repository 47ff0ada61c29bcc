import {
  Duration,
  isList,
  isMap,
  isOpaque,
  itemsOf,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type CelList,
  type CelMap,
  type CelValue,
} from './value.ts';

/** A number in one form; undefined if the value is none. */
function numeric(value: CelValue): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Uint ? value.value : undefined;
}

/** CEL's `==`: numbers compare across types, unlike types are unequal. */
export function celEquals(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined) return right !== undefined && left == right;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (isList(a)) return isList(b) && (a.equals ? a.equals(b) : listEquals(a, b));
  if (isMap(a)) return isMap(b) && (a.equals ? a.equals(b) : mapEquals(a, b));
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof Optional) return b instanceof Optional && optionalEquals(a, b);
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  return isOpaque(a) && isOpaque(b) && a.opaque === b.opaque && a.equals(b);
}

function optionalEquals(a: Optional, b: Optional): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return celEquals(a.value, b.value);
}

function listEquals(a: CelList, b: CelList): boolean {
  if (a.size !== b.size) return false;
  for (let position = 0; position < a.size; position++) if (!celEquals(a.at(position), b.at(position))) return false;
  return true;
}

function mapEquals(a: CelMap, b: CelMap): boolean {
  if (a.size !== b.size) return false;
  return a.keys().every((key) => {
    const [left, right] = [a.get(key), b.get(key)];
    return left !== undefined && right !== undefined && celEquals(left, right);
  });
}

/** True if a list holds an equal item. */
export function listContains(list: CelList, value: CelValue): boolean {
  return itemsOf(list).some((item) => celEquals(item, value));
}

/** Order of values of one type (numbers of any); undefined if they have none. */
export function compare(a: CelValue, b: CelValue): number | undefined {
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined && right !== undefined) return order(left, right);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

/** NaN is neither before nor after anything. */
function order(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : Number.NaN;
}

/** By code point, as Go compares UTF-8, not by JavaScript's UTF-16 units. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  // oxlint-disable-next-line no-control-regex
  const plain = /^[\u0000-\ud7ff]*$/;
  if (plain.test(a) && plain.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
