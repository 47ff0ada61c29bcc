import type { TypeSchema } from '../type-schema.ts';
import type { Value } from '../value.ts';
import { isObject } from '../value.ts';
import { LEAF, makeNode } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { elementOf } from './list-element.ts';
import { fieldElement } from './path-element.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { ListShape, MapShape } from './shape.ts';

const NOTHING: Readonly<Record<string, FieldSet>> = {};

const isHollow = (value: Value): boolean => value === null || (isObject(value) && Object.keys(value).length === 0);

function mapFields(shape: MapShape, value: Value): Readonly<Record<string, FieldSet>> {
  if (!isObject(value)) return NOTHING;
  const fields: Record<string, FieldSet> = {};
  for (const name of Object.keys(value)) {
    const item = value[name] ?? null;
    const schema = fieldSchema(shape, name);
    if (schema === undefined) continue;
    const own = isHollow(item) || !shape.fields.has(name);
    const node = nodeOf(schema, item, own);
    if (node !== undefined) fields[fieldElement(name)] = node;
  }
  return fields;
}

/** Items that have their like in the list are named, but not what is in them. */
function listFields(shape: ListShape, value: Value): Readonly<Record<string, FieldSet>> {
  if (!Array.isArray(value)) return NOTHING;
  const fields: Record<string, FieldSet> = {};
  for (const item of value) {
    const element = elementOf(shape, item);
    fields[element] = element in fields ? LEAF : (nodeOf(shape.item, item, true) ?? LEAF);
  }
  return fields;
}

function nodeOf(schema: TypeSchema, value: Value, own: boolean): FieldSet | undefined {
  const shape = shapeOf(schema, value);
  if (shape.type === 'scalar') return LEAF;
  if (shape.type === 'list') return shape.list === 'atomic' ? LEAF : makeNode(own, listFields(shape, value));
  return shape.map === 'atomic' ? LEAF : makeNode(own, mapFields(shape, value));
}

/** All fields that an object has, down to what its schema takes as one value. */
export function fieldsOf(schema: TypeSchema, object: Value): FieldSet {
  const shape = shapeOf(schema, object);
  return shape.type === 'map' && shape.map === 'granular' ? mapFields(shape, object) : NOTHING;
}

/** A set with the fields that the schema names and that only have fields of the set below them. */
export function withNamedFields(schema: TypeSchema | undefined, set: FieldSet): FieldSet {
  const shape = schema === undefined ? undefined : shapeOf(schema, null);
  const result: Record<string, FieldSet> = {};
  for (const element of Object.keys(set)) {
    const node = set[element] ?? LEAF;
    result[element] = element === '.' || node === LEAF ? node : named(shape, element, node);
  }
  return result;
}

function named(shape: ReturnType<typeof shapeOf> | undefined, element: string, node: FieldSet): FieldSet {
  if (Object.keys(node).length === 0) return node;
  const name = element.startsWith('f:') ? element.slice(2) : undefined;
  const inner = withNamedFields(innerSchema(shape, name), node);
  const isNamed = shape?.type === 'map' && name !== undefined && shape.fields.has(name);
  return isNamed && !('.' in inner) ? { '.': LEAF, ...inner } : inner;
}

function innerSchema(shape: ReturnType<typeof shapeOf> | undefined, name: string | undefined): TypeSchema | undefined {
  if (shape?.type === 'map' && name !== undefined) return fieldSchema(shape, name);
  return shape?.type === 'list' ? shape.item : undefined;
}
