import { InputError } from '../input-error.ts';
import { equalValues, isPatchObject } from './patch-value.ts';
import type { PatchObject, PatchValue } from './patch-value.ts';

/** The API server takes no more operations than this in one patch. */
const MAX_OPERATIONS = 10_000;
const DECODE_ERROR = 'json: cannot unmarshal';

const misfit = (message: string): InputError => new InputError('PatchDoesNotApply', message);
const malformed = (message: string): InputError => new InputError('InvalidPatch', message);

type Container = PatchValue[] | PatchObject;
/** What one operation makes of the container that its path ends in. */
type Edit = (container: Container, key: string) => Container;

const kindOf = (value: PatchValue): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value;
};

const isContainer = (value: PatchValue | undefined): value is Container => typeof value === 'object' && value !== null;

/** Whatever stands before the first slash is dropped, as the real server does: `data/x` is `/x`. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.length === 0) throw misfit(`doc is missing path: ${JSON.stringify(path)}`);
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Index of an existing item; negative ones count from the end. */
function indexOf(list: readonly PatchValue[], key: string, length = list.length): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  const found = index < 0 ? index + length : index;
  if (found >= 0 && found < length) return found;
  throw misfit(`Unable to access invalid index: ${key}`);
}

function getItem(container: Container, key: string): PatchValue {
  if (Array.isArray(container)) return container[indexOf(container, key)] ?? null;
  return Object.hasOwn(container, key) ? (container[key] ?? null) : null;
}

function replaced(container: Container, key: string, value: PatchValue): Container {
  if (!Array.isArray(container)) return { ...container, [key]: value };
  return container.with(indexOf(container, key), value);
}

const adding =
  (value: PatchValue): Edit =>
  (container, key) => {
    if (!Array.isArray(container)) return { ...container, [key]: value };
    const index = key === '-' ? container.length : indexOf(container, key, container.length + 1);
    return container.toSpliced(index, 0, value);
  };

const removing: Edit = (container, key) => {
  if (Array.isArray(container)) return container.toSpliced(indexOf(container, key), 1);
  if (!Object.hasOwn(container, key)) throw misfit(`Unable to remove nonexistent key: ${key}`);
  const { [key]: _, ...rest } = container;
  return rest;
};

/** Follows a path and makes anew every container on it. */
function edit(container: Container, path: readonly string[], change: Edit): Container {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return change(container, key);
  const next = getItem(container, key);
  if (!isContainer(next)) throw misfit(`doc is missing path: ${key}`);
  return replaced(container, key, edit(next, rest, change));
}

function read(container: Container, path: readonly string[]): PatchValue {
  const [key = '', ...rest] = path;
  const item = getItem(container, key);
  if (rest.length === 0) return item;
  if (!isContainer(item)) throw misfit(`doc is missing path: ${key}`);
  return read(item, rest);
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  /** Null if there is none, as on the real server. */
  readonly value: PatchValue;
}

function textOf(operation: PatchObject, field: 'op' | 'path' | 'from'): string | undefined {
  const text = operation[field];
  if (text === undefined || text === null || typeof text === 'string') return text ?? undefined;
  throw malformed(`${DECODE_ERROR} ${kindOf(text)} into Go struct field jsonPatchOp.${field} of type string`);
}

function required(text: string | undefined, field: string): string {
  if (text === undefined) throw misfit(`operation missing ${field} field`);
  return text;
}

function readOperation(operation: PatchValue): () => Operation {
  if (operation !== null && !isPatchObject(operation))
    throw malformed(`${DECODE_ERROR} ${kindOf(operation)} into Go value of type handlers.jsonPatchOp`);
  const fields = operation ?? {};
  const [op, path, from] = [textOf(fields, 'op'), textOf(fields, 'path'), textOf(fields, 'from')];
  return () => ({
    op: required(op, 'op'),
    path: required(path, 'path'),
    from: op === 'move' || op === 'copy' ? required(from, 'from') : '',
    value: fields['value'] ?? null,
  });
}

function replace(document: Container, { path, value }: Operation): Container {
  if (path === '') {
    if (!isContainer(value)) throw misfit('replace operation value must be object or array');
    return value;
  }
  return edit(document, segmentsOf(path), (container, key) => {
    getItem(container, key);
    return replaced(container, key, value);
  });
}

function perform(document: Container, operation: Operation): Container {
  const { op, path, from, value } = operation;
  switch (op) {
    case 'add':
      return edit(document, segmentsOf(path), adding(value));
    case 'remove':
      return edit(document, segmentsOf(path), removing);
    case 'replace':
      return replace(document, operation);
    case 'move': {
      const moved = read(document, segmentsOf(from));
      return edit(edit(document, segmentsOf(from), removing), segmentsOf(path), adding(moved));
    }
    case 'copy':
      return edit(document, segmentsOf(path), adding(read(document, segmentsOf(from))));
    case 'test': {
      const found = path === '' ? document : read(document, segmentsOf(path));
      if (equalValues(found, value)) return document;
      throw misfit(`testing value ${path} failed`);
    }
    default:
      throw misfit(`Unexpected kind: ${op}`);
  }
}

/**
 * Applies a JSON patch (RFC 6902) with the leniences of the API server: a missing key can be replaced and copied (as
 * null), indexes may be negative. `null` is an empty patch. Throws an InputError: `InvalidPatch` if it is no patch,
 * `PatchDoesNotApply` if an operation or test fails, `PatchTooLarge` beyond 10,000 operations.
 */
export function applyJsonPatch(document: PatchObject, patch: PatchValue): PatchValue {
  if (patch === null) return document;
  if (!Array.isArray(patch))
    throw malformed(`${DECODE_ERROR} ${kindOf(patch)} into Go value of type []handlers.jsonPatchOp`);
  const operations = patch.map(readOperation);
  if (operations.length > MAX_OPERATIONS)
    throw new InputError(
      'PatchTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  return operations.reduce<Container>((current, operation) => perform(current, operation()), document);
}
