import { InputError } from '../input-error.ts';
import { checkElementOrder, findItem, missingMergeKey, orderElements } from './element-order.ts';
import type { MergeField, MergeSchema } from './merge-schema.ts';
import { formatGoValue, goTypeName, isPatchObject } from './patch-value.ts';
import type { PatchObject, PatchValue } from './patch-value.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList';
const ELEMENT_ORDER = '$setElementOrder';

const misfit = (message: string): InputError => new InputError('PatchDoesNotApply', message);
const malformed = (what: string): InputError => new InputError('InvalidPatch', `invalid patch format of ${what}`);

function unknownDirective(directive: PatchValue, patch: PatchObject): InputError {
  const shown = typeof directive === 'string' ? directive : goVerbError(directive);
  return misfit(`unknown patch type: ${shown} in map: ${formatGoValue(patch)}`);
}

/** What Go's `%s` makes of a value that is no string. */
function goVerbError(value: PatchValue): string {
  return value === null ? '%!s(<nil>)' : `%!s(${goTypeName(value)}=${formatGoValue(value)})`;
}

function without(object: PatchObject, key: string): PatchObject {
  const { [key]: _, ...rest } = object;
  return rest;
}

/** Takes directives out of what is new; undefined if the value itself is one. Nulls are left out of objects. */
function asNew(value: PatchValue): PatchValue | undefined {
  if (Array.isArray(value)) return value.map(asNew).filter((item) => item !== undefined);
  if (!isPatchObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const kept: PatchObject = {};
  for (const [key, item] of Object.entries(value)) {
    const made = item === null ? undefined : asNew(item);
    if (made !== undefined) kept[key] = made;
  }
  return kept;
}

function setOrDrop(object: PatchObject, key: string, value: PatchValue | undefined): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}

/** `$patch` in a map: use the patch as it is, or nothing. */
function followDirective(patch: PatchObject): PatchObject {
  const directive = patch[DIRECTIVE] ?? null;
  if (directive === 'replace') return without(patch, DIRECTIVE);
  if (directive === 'delete') return {};
  throw unknownDirective(directive, patch);
}

/** `$retainKeys`: fields of the original that the list does not name go away. */
function retainKeys(original: PatchObject, patch: PatchObject): PatchObject {
  const list = patch[RETAIN_KEYS];
  if (!Array.isArray(list)) throw malformed('retainKeys');
  const retained = new Set(list);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key === RETAIN_KEYS || key.startsWith(DELETE_PRIMITIVES) || key.startsWith(ELEMENT_ORDER);
    if (value !== null && !isDirective && !retained.has(key)) throw malformed('retainKeys');
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => retained.has(key)));
}

function lookUp(schema: MergeSchema | undefined, key: string): MergeField {
  const field = schema?.field(key);
  if (field !== undefined) return field;
  if (schema === undefined) throw misfit('merging an object in json but data type is not struct, instead is: map');
  throw misfit(`unable to find api field in struct for the json field ${JSON.stringify(key)}`);
}

const strategyOf = (field: MergeField): string | undefined =>
  field.strategies.find((strategy) => strategy !== 'retainKeys');

/** The field that a key such as `$setElementOrder/ports` is about. */
function fieldOf(key: string, prefix: string, what: string): string {
  const slash = key.indexOf('/');
  if (slash < 0 || key.slice(0, slash) !== prefix) throw malformed(what);
  return key.slice(slash + 1);
}

function asList(value: PatchValue): PatchValue[] {
  if (Array.isArray(value)) return value;
  throw misfit(`expected a []interface {}, but received a ${goTypeName(value)}`);
}

/** `$setElementOrder`: merges the list of that field, if any, and puts it into the order given. */
function mergeOrdered(original: PatchObject, patch: PatchObject, key: string, schema: MergeSchema | undefined): void {
  const order = asList(patch[key] ?? null);
  const name = fieldOf(key, ELEMENT_ORDER, 'setElementOrder list');
  const before = original[name] === undefined ? undefined : asList(original[name]);
  const change = patch[name] === undefined ? undefined : asList(patch[name]);
  const field = lookUp(schema, name);
  checkElementOrder(change ?? [], order, field.mergeKey);
  const merged = mergeListPair(before, change, field);
  if (merged === undefined) return;
  elementKind([...(before ?? []), ...(change ?? [])], [before ?? [], change ?? []]);
  original[name] = orderElements(merged, order, before ?? [], field.mergeKey);
  delete patch[name];
}

function mergeListPair(
  before: PatchValue[] | undefined,
  change: PatchValue[] | undefined,
  field: MergeField,
): readonly PatchValue[] | undefined {
  if (change === undefined) return before;
  if (before === undefined) return change.map(asNew).filter((item) => item !== undefined);
  return strategyOf(field) === 'merge' ? mergeLists(before, change, field, false) : change;
}

function kindOf(value: PatchValue): string {
  return value === null ? 'nil' : goTypeName(value);
}

/** All items of both lists must be of one kind, and no lists themselves. */
function elementKind(items: readonly PatchValue[], lists: PatchValue[]): string {
  const [first, ...others] = items;
  if (first === undefined) throw misfit('no elements in any of the given slices');
  const kind = kindOf(first);
  if (Array.isArray(first)) throw new InputError('PatchNotSupported', 'lists of lists are not supported');
  if (others.some((item) => kindOf(item) !== kind))
    throw misfit(`list element types are not identical: ${formatGoValue(lists)}`);
  return kind;
}

/** Go's way: what repeats is overwritten by the last item, so the order is its own. */
function deduplicate(items: readonly PatchValue[]): PatchValue[] {
  const result = [...items];
  for (let i = 0; i < result.length - 1; i++)
    for (let j = i + 1; j < result.length;) {
      if (result[i] !== result[j]) {
        j++;
        continue;
      }
      const last = result.pop();
      if (j < result.length && last !== undefined) result[j] = last;
    }
  return result;
}

/** Items with `$patch` delete their like, or have the list replaced by the other items of the patch. */
function separateDirectives(
  original: readonly PatchValue[],
  patch: readonly PatchValue[],
  mergeKey: string,
): { readonly original: readonly PatchValue[]; readonly patch: readonly PatchValue[] } {
  let rest = original;
  let replaces = false;
  const plain: PatchValue[] = [];
  for (const item of patch) {
    const directive = isPatchObject(item) ? item[DIRECTIVE] : undefined;
    if (directive === undefined || !isPatchObject(item)) plain.push(item);
    else if (directive === 'delete') rest = withoutItem(rest, item, mergeKey);
    else if (directive === 'replace') replaces = true;
    else if (directive === 'merge') throw misfit('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(directive, item);
  }
  return replaces ? { original: plain, patch: [] } : { original: rest, patch: plain };
}

function withoutItem(list: readonly PatchValue[], item: PatchObject, mergeKey: string): readonly PatchValue[] {
  const identity = item[mergeKey];
  if (identity === undefined) throw missingMergeKey(item, mergeKey);
  return list.filter((other) => !(isPatchObject(other) && other[mergeKey] === identity));
}

function mergeItems(
  original: readonly PatchValue[],
  patch: readonly PatchValue[],
  mergeKey: string,
  schema: MergeSchema | undefined,
): PatchValue[] {
  const merged = [...original];
  for (const item of patch) {
    const identity = isPatchObject(item) ? item[mergeKey] : undefined;
    if (identity === undefined || !isPatchObject(item)) throw missingMergeKey(item, mergeKey);
    const at = findItem(merged, identity, mergeKey);
    const found = merged[at];
    if (isPatchObject(found)) merged[at] = mergeObjects(found, item, schema);
    else merged.push(item);
  }
  return merged;
}

function mergeLists(
  original: PatchValue[],
  patch: PatchValue[],
  field: MergeField,
  deletes: boolean,
): readonly PatchValue[] {
  if (original.length === 0 && patch.length === 0) return original;
  const { mergeKey, schema } = field;
  if (elementKind([...original, ...patch], [original, patch]) !== 'map[string]interface {}') {
    if (deletes) return original.filter((item) => !patch.includes(item));
    return orderElements(deduplicate([...original, ...patch]), patch, original, undefined);
  }
  if (mergeKey === undefined) throw misfit('cannot merge lists without merge key for struct');
  const parts = separateDirectives(original, patch, mergeKey);
  const merged = mergeItems(parts.original, parts.patch, mergeKey, schema);
  return orderElements(merged, parts.patch, parts.original, mergeKey);
}

function mergeField(original: PatchObject, key: string, change: PatchValue, schema: MergeSchema | undefined): void {
  const deletes = key.startsWith(DELETE_PRIMITIVES);
  const name = deletes ? fieldOf(key, DELETE_PRIMITIVES, 'primitive list') : key;
  const before = original[name];
  if (change === null) {
    delete original[name];
  } else if (before === undefined || kindOf(before) !== kindOf(change)) {
    if (!deletes) setOrDrop(original, name, asNew(change));
  } else if (isPatchObject(before) && isPatchObject(change)) {
    const field = lookUp(schema, name);
    original[name] = strategyOf(field) === 'replace' ? change : mergeObjects(before, change, field.schema);
  } else if (Array.isArray(before) && Array.isArray(change)) {
    const field = lookUp(schema, name);
    const merges = deletes || strategyOf(field) === 'merge';
    original[name] = merges ? [...mergeLists(before, change, field, deletes)] : change;
  } else {
    original[name] = change;
  }
}

function mergeObjects(before: PatchObject, change: PatchObject, schema: MergeSchema | undefined): PatchObject {
  if (Object.hasOwn(change, DIRECTIVE)) return followDirective(change);
  const patch = without(change, RETAIN_KEYS);
  const original = Object.hasOwn(change, RETAIN_KEYS) ? retainKeys(before, change) : { ...before };
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(ELEMENT_ORDER)) continue;
    mergeOrdered(original, patch, key, schema);
    delete patch[key];
  }
  for (const [key, value] of Object.entries(patch)) mergeField(original, key, value, schema);
  return original;
}

/**
 * Applies a strategic merge patch: a merge patch in which lists merge by key where the schema says so, with the
 * directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`. Throws an InputError:
 * `InvalidPatch` for a malformed directive, `PatchNotSupported` for lists of lists, else `PatchDoesNotApply`.
 */
export function applyStrategicMergePatch(document: PatchObject, patch: PatchObject, schema: MergeSchema): PatchObject {
  return mergeObjects(document, patch, schema);
}
