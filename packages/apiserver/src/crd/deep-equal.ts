import { isObject, type Value } from '../value.ts';

/** Equality of JSON values; 1 and 1.0 are the same number. */
export function deepEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const numeric = (value: unknown): boolean => typeof value === 'bigint' || typeof value === 'number';
    return numeric(a) && numeric(b) && a == b;
  }
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, position) => deepEqual(item, b[position]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && deepEqual(a[name], b[name]));
}

/** A copy that shares nothing with the original. */
export function deepCopy(value: Value): Value {
  if (Array.isArray(value)) return value.map(deepCopy);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, deepCopy(field)]));
}
