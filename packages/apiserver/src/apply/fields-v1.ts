import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { StatusError } from '../status-error.ts';
import { EMPTY_SET, LEAF, makeNode } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { canonicalElement } from './path-element.ts';

/** Undefined: it is not an element at all. Null: one of a kind that nobody knows, which is skipped. */
function readElement(text: string): string | null | undefined {
  if (text.startsWith('f:')) return text;
  if (text.length < 2 || text[1] !== ':') return undefined;
  if (!/^[vki]/.test(text)) return null;
  try {
    return canonicalElement(text);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** True if fields are in the form in which we write them ourselves: then they are a set as they are. */
function isCanonical(fields: Value | undefined, isInner: boolean): fields is ObjectValue {
  if (!isObject(fields)) return false;
  let isMember = false;
  let hasChildren = false;
  for (const text in fields) {
    if (text === '.') isMember = true;
    else if (readElement(text) === text) hasChildren = true;
    else return false;
    if (!isCanonical(fields[text], true)) return false;
  }
  return !isMember || (isInner && hasChildren);
}

function readNode(value: Value): FieldSet | undefined {
  if (!isObject(value)) return undefined;
  const children = readChildren(value, true);
  if (children === undefined) return undefined;
  return makeNode('.' in value || Object.keys(value).length === 0, children) ?? LEAF;
}

function readChildren(fields: ObjectValue, isInner: boolean): FieldSet | undefined {
  const set: Record<string, FieldSet> = {};
  for (const [text, value] of Object.entries(fields)) {
    if (text === '.' && isInner) continue;
    const element = readElement(text);
    if (element === null) continue;
    const node = readNode(value);
    if (element === undefined || node === undefined) return undefined;
    set[element] = node;
  }
  return set;
}

/** A canonical value is a set already. */
const asSet = (fields: ObjectValue): FieldSet => fields as FieldSet;

/** Reads `fieldsV1` of an entry that a client may have written; undefined if it is malformed. */
export function readFields(value: Value | undefined): FieldSet | undefined {
  if (value === undefined || value === null) return EMPTY_SET;
  if (isCanonical(value, false)) return asSet(value);
  return isObject(value) ? readChildren(value, false) : undefined;
}
