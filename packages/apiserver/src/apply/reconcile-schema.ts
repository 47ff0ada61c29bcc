import type { TypeSchema } from '../type-schema.ts';
import { isEmpty, LEAF } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

function isAtomic(shape: Shape): boolean {
  return (shape.type === 'map' && shape.map === 'atomic') || (shape.type === 'list' && shape.list === 'atomic');
}

function innerSchema(shape: Shape, element: string): TypeSchema | undefined {
  if (shape.type === 'map') return element.startsWith('f:') ? fieldSchema(shape, element.slice(2)) : undefined;
  return shape.type === 'list' ? shape.item : undefined;
}

function reconcileNode(schema: TypeSchema | undefined, node: FieldSet): FieldSet {
  if (schema === undefined || schema.type === 'untyped' || isEmpty(node)) return node;
  const shape = shapeOf(schema, null);
  return isAtomic(shape) ? LEAF : reconcileChildren(shape, node);
}

function reconcileChildren(shape: Shape, set: FieldSet): FieldSet {
  let changed: Record<string, FieldSet> | undefined;
  for (const element in set) {
    const node = set[element];
    if (element === '.' || node === undefined) continue;
    const reconciled = reconcileNode(innerSchema(shape, element), node);
    if (reconciled === node) continue;
    changed ??= { ...set };
    changed[element] = reconciled;
  }
  return changed ?? set;
}

/**
 * Fields as a schema takes them that may have changed since they were written: what has become one value is owned as a
 * whole by whoever owned something in it. The other way round nothing is known of the parts.
 */
export function reconcileFields(schema: TypeSchema, fields: FieldSet): FieldSet {
  return reconcileChildren(shapeOf(schema, null), fields);
}
