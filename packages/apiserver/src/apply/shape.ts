import type { TypeSchema } from '../type-schema.ts';
import type { Value } from '../value.ts';

/** What a schema comes to for one value: untyped ones take the form of the value. */
export type Shape = Exclude<TypeSchema, { readonly type: 'untyped' }>;

export type MapShape = Extract<Shape, { readonly type: 'map' }>;
export type ListShape = Extract<Shape, { readonly type: 'list' }>;

const UNTYPED: TypeSchema = { type: 'untyped' };
const NO_FIELDS: ReadonlyMap<string, () => TypeSchema> = new Map();
const ANY: Shape = { type: 'scalar', scalar: 'any' };
const ATOMIC_LIST: Shape = { type: 'list', list: 'atomic', item: ANY };
const UNTYPED_MAP: Shape = { type: 'map', map: 'granular', fields: NO_FIELDS, rest: () => UNTYPED };
const ATOMIC_MAP: Shape = { type: 'map', map: 'atomic', fields: NO_FIELDS, rest: () => ANY };

/** Content without a schema: maps are granular, lists atomic. What must be one value is atomic either way. */
export function shapeOf(schema: TypeSchema, value: Value | undefined): Shape {
  if (schema.type === 'untyped') {
    if (Array.isArray(value)) return ATOMIC_LIST;
    return typeof value === 'object' ? UNTYPED_MAP : ANY;
  }
  if (schema.type === 'scalar' && schema.scalar === 'any') {
    if (Array.isArray(value)) return ATOMIC_LIST;
    return typeof value === 'object' ? ATOMIC_MAP : ANY;
  }
  return schema;
}

/** The schema of a map's field; undefined if there may be none of that name. */
export function fieldSchema(map: MapShape, name: string): TypeSchema | undefined {
  return (map.fields.get(name) ?? map.rest)?.();
}
