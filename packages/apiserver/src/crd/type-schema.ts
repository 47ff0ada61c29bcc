import type { TypeSchema } from '../type-schema.ts';
import { valueSchema, type Schema } from './schema.ts';

type Fields = ReadonlyMap<string, () => TypeSchema>;

const scalarTypes: Readonly<Record<string, TypeSchema>> = {
  string: { type: 'scalar', scalar: 'string' },
  integer: { type: 'scalar', scalar: 'integer' },
  number: { type: 'scalar', scalar: 'number' },
  boolean: { type: 'scalar', scalar: 'boolean' },
};

const untyped: TypeSchema = { type: 'untyped' };

/** What server-side apply needs to know of a structural schema; `meta` is the type of ObjectMeta. */
export function typeSchemaOf(schema: Schema, meta: () => TypeSchema): TypeSchema {
  return nodeType(schema, true, meta);
}

function nodeType(schema: Schema, isResource: boolean, meta: () => TypeSchema): TypeSchema {
  if (schema.intOrString) return { type: 'scalar', scalar: 'int-or-string' };
  const scalar = scalarTypes[schema.type];
  if (scalar) return scalar;
  if (schema.type === 'array') return listType(schema, meta);
  if (schema.type === 'object') return mapType(schema, isResource || schema.embeddedResource, meta);
  return untyped;
}

function listType(schema: Schema, meta: () => TypeSchema): TypeSchema {
  const item = schema.items ? nodeType(schema.items, false, meta) : untyped;
  if (schema.listType === 'set') return { type: 'list', list: 'set', item };
  if (schema.listType !== 'map') return { type: 'list', list: 'atomic', item };
  const keyDefaults: Record<string, string | number | boolean> = {};
  for (const name of schema.listMapKeys) {
    const value = schema.items?.properties.get(name)?.default;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') keyDefaults[name] = value;
  }
  return { type: 'list', list: 'map', keys: schema.listMapKeys, keyDefaults, item };
}

function mapType(schema: Schema, isResource: boolean, meta: () => TypeSchema): TypeSchema {
  const map = schema.mapType === 'atomic' ? 'atomic' : 'granular';
  const values = valueSchema(schema);
  const fields = fieldTypes(schema, isResource, meta);
  if (values) return { type: 'map', map, fields, rest: lazy(() => nodeType(values, false, meta)) };
  const open = schema.preserveUnknownFields === true || schema.additionalProperties === true;
  return { type: 'map', map, fields, ...(open ? { rest: () => untyped } : {}) };
}

function fieldTypes(schema: Schema, isResource: boolean, meta: () => TypeSchema): Fields {
  const fields = new Map<string, () => TypeSchema>();
  for (const [name, property] of schema.properties)
    fields.set(
      name,
      lazy(() => nodeType(property, false, meta)),
    );
  if (!isResource) return fields;
  const text: TypeSchema = { type: 'scalar', scalar: 'string' };
  return fields
    .set('apiVersion', () => text)
    .set('kind', () => text)
    .set('metadata', meta);
}

function lazy(make: () => TypeSchema): () => TypeSchema {
  let made: TypeSchema | undefined;
  return () => (made ??= make());
}
