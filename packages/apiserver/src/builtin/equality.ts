import { isObject } from '../value.ts';
import type { Value } from '../value.ts';

/** Equal as `apiequality.Semantic` has it on canonical forms: an empty list or map is the same as none. */
export function semanticallyEqual(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => semanticallyEqual(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    for (const key of Object.keys(left)) if (!semanticallyEqual(left[key], right[key])) return false;
    for (const key of Object.keys(right)) if (!(key in left) && !isEmpty(right[key])) return false;
    return true;
  }
  return isEmpty(left) && isEmpty(right);
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
