import type { TypeSchema } from '../type-schema.ts';
import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { isMember } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { elementOf } from './list-element.ts';
import { fieldElement } from './path-element.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { ListShape, MapShape } from './shape.ts';

function fromMap(shape: MapShape, map: ObjectValue, removed: FieldSet): Value | undefined {
  const kept: ObjectValue = {};
  for (const name of Object.keys(map)) {
    const value = map[name] ?? null;
    const node = removed[fieldElement(name)];
    const left = node === undefined ? value : withoutNode(fieldSchema(shape, name), value, node);
    if (left !== undefined) kept[name] = left;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function fromList(shape: ListShape, list: readonly Value[], removed: FieldSet): Value | undefined {
  const kept: Value[] = [];
  for (const item of list) {
    const node = removed[elementOf(shape, item)];
    const left = node === undefined ? item : withoutNode(shape.item, item, node);
    if (left !== undefined) kept.push(left);
  }
  return kept.length === 0 ? undefined : kept;
}

/** What is emptied is not the same as what is gone: null says that a value lost all it had. */
function withoutNode(schema: TypeSchema | undefined, value: Value, node: FieldSet): Value | undefined {
  if (isMember(node)) return undefined;
  return removeFrom(schema ?? { type: 'untyped' }, value, node) ?? null;
}

function removeFrom(schema: TypeSchema, value: Value, removed: FieldSet): Value | undefined {
  const shape = shapeOf(schema, value);
  if (shape.type === 'map')
    return shape.map === 'granular' && isObject(value) ? fromMap(shape, value, removed) : undefined;
  if (shape.type === 'list')
    return shape.list !== 'atomic' && Array.isArray(value) ? fromList(shape, value, removed) : undefined;
  return value;
}

/** The object without the fields of a set, and without what is below them. */
export function removeFields(schema: TypeSchema, object: ObjectValue, removed: FieldSet): ObjectValue {
  const left = removeFrom(schema, object, removed);
  return isObject(left) ? left : {};
}
