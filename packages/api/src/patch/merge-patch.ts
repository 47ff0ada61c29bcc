import { InputError } from '../input-error.ts';
import { equalValues, isPatchObject } from './patch-value.ts';
import type { PatchObject, PatchValue } from './patch-value.ts';

/** Nulls in what is new would mean removal: they are left out. In lists they stay. */
function withoutNulls(value: PatchValue): PatchValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isPatchObject(value)) return value;
  const kept: PatchObject = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) kept[key] = withoutNulls(item);
  return kept;
}

function mergeObjects(document: PatchObject, patch: PatchObject): PatchObject {
  const merged: PatchObject = { ...document };
  for (const [key, change] of Object.entries(patch)) {
    const current = merged[key];
    if (change === null) delete merged[key];
    else if (isPatchObject(current) && isPatchObject(change)) merged[key] = mergeObjects(current, change);
    else merged[key] = isPatchObject(current) ? change : withoutNulls(change);
  }
  return merged;
}

/** Applies a JSON merge patch (RFC 7386). Throws an InputError if the patch is no object. */
export function applyMergePatch(document: PatchObject, patch: PatchValue): PatchObject {
  if (!isPatchObject(patch)) throw new InputError('InvalidPatch', 'Invalid JSON Patch');
  return mergeObjects(document, patch);
}

/** The JSON merge patch (RFC 7386) that turns one object into another; undefined if they are equal. */
export function createMergePatch(from: PatchObject, to: PatchObject): PatchObject | undefined {
  const patch: PatchObject = {};
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch[key] = null;
  for (const [key, target] of Object.entries(to)) {
    const change = difference(from[key], target);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function difference(before: PatchValue | undefined, target: PatchValue): PatchValue | undefined {
  if (isPatchObject(before) && isPatchObject(target)) return createMergePatch(before, target);
  if (before === undefined) return target;
  return equalValues(before, target) ? undefined : target;
}
