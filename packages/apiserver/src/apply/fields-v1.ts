import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { StatusError } from '../status-error.ts';
import { LEAF, makeNode } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { canonicalElement } from './path-element.ts';

const isKnownKind = (element: string): boolean => /^[fvki]:/.test(element);

/** Undefined: it is not an element at all. Null: one of a kind that nobody knows, which is skipped. */
function readElement(text: string): string | null | undefined {
  if (text.length < 2 || text[1] !== ':') return undefined;
  if (!isKnownKind(text)) return null;
  try {
    return canonicalElement(text);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

function readNode(value: Value): FieldSet | undefined {
  if (!isObject(value)) return undefined;
  const children = readFieldsV1(value, true);
  if (children === undefined) return undefined;
  return makeNode('.' in value || Object.keys(value).length === 0, children) ?? LEAF;
}

function readFieldsV1(fields: ObjectValue, isInner: boolean): FieldSet | undefined {
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

/** Reads `fieldsV1` of an entry that a client may have written; undefined if it is malformed. */
export function readFields(value: Value | undefined): FieldSet | undefined {
  if (value === undefined || value === null) return LEAF;
  return isObject(value) ? readFieldsV1(value, false) : undefined;
}
