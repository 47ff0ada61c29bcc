/** JSON as patches see it; integers beyond 2^53 may be bigint. Patching never changes what it is given. */
export type PatchValue = null | boolean | number | bigint | string | PatchValue[] | PatchObject;

export interface PatchObject {
  [key: string]: PatchValue;
}

/** True for a JSON object: neither null nor a list. */
export function isPatchObject(value: PatchValue | undefined): value is PatchObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True if two JSON values say the same; the order of keys does not matter. */
export function equalValues(left: PatchValue, right: PatchValue): boolean {
  if (left === right) return true;
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equalValues(item, right[index] ?? null))
    );
  if (!isPatchObject(left) || !isPatchObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalValues(left[key] ?? null, right[key] ?? null))
  );
}

/** How Go calls the type of a decoded JSON value. */
export function goTypeName(value: PatchValue): string {
  if (value === null) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'object':
      return 'map[string]interface {}';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    case 'bigint':
      return 'int64';
    case 'boolean':
      return 'bool';
    default:
      return 'string';
  }
}

/** Prints a value as Go's `%v` does, which errors show: `map[a:1 b:[x y]]`. */
export function formatGoValue(value: PatchValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${key}:${formatGoValue(value[key] ?? null)}`);
  return `map[${pairs.join(' ')}]`;
}
