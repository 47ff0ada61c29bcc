import type { GroupVersionKind } from '../codec/go-types.ts';
import type { TypeSchema } from '../type-schema.ts';
import { openApiSchema, referenceOf, schemaNameOf } from './openapi-schema.ts';
import type { OpenApiSchema } from './openapi-schema.ts';

const UNTYPED: TypeSchema = { type: 'untyped' };
/** A schema that says nothing at all (JSON inside of a definition) is one value. */
const ANY: TypeSchema = { type: 'scalar', scalar: 'any' };

const named = new Map<string, TypeSchema>();

function schemaByName(name: string): TypeSchema {
  const known = named.get(name);
  if (known !== undefined) return known;
  const schema = openApiSchema(name);
  const made = schema === undefined ? ANY : convert(schema);
  named.set(name, made);
  return made;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function scalar(schema: OpenApiSchema): TypeSchema {
  if (schema.oneOf !== undefined)
    return { type: 'scalar', scalar: schema.format === 'int-or-string' ? 'int-or-string' : 'quantity' };
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
      return { type: 'scalar', scalar: schema.type };
    default:
      return ANY;
  }
}

function keyDefaults(item: OpenApiSchema, keys: readonly string[]): Record<string, string | number | boolean> {
  const reference = referenceOf(item);
  const properties = (reference === undefined ? item : openApiSchema(reference))?.properties ?? {};
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = properties[key]?.default;
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return isPlain ? [[key, value] as const] : [];
    }),
  );
}

function list(schema: OpenApiSchema): TypeSchema {
  const items = schema.items ?? {};
  const item = convert(items);
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] === 'map' && keys !== undefined)
    return { type: 'list', list: 'map', keys, keyDefaults: keyDefaults(items, keys), item };
  return { type: 'list', list: schema['x-kubernetes-list-type'] === 'set' ? 'set' : 'atomic', item };
}

function map(schema: OpenApiSchema): TypeSchema {
  const { properties = {}, additionalProperties } = schema;
  const fields = new Map(
    Object.entries(properties).map(([name, property]) => [name, lazily(() => convert(property))] as const),
  );
  const type = schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular';
  if (additionalProperties !== undefined)
    return { type: 'map', map: type, fields, rest: lazily(() => convert(additionalProperties)) };
  if (schema.properties === undefined) return { type: 'map', map: type, fields, rest: () => UNTYPED };
  return { type: 'map', map: type, fields };
}

/** A property may say otherwise than the type it refers to: a volume's `claimRef` is granular. */
function reference(schema: OpenApiSchema, name: string): TypeSchema {
  const target = schemaByName(name);
  const mapType = schema['x-kubernetes-map-type'];
  if (target.type !== 'map' || mapType === undefined) return target;
  return { ...target, map: mapType === 'atomic' ? 'atomic' : 'granular' };
}

function convert(schema: OpenApiSchema): TypeSchema {
  const name = referenceOf(schema);
  if (name !== undefined) return reference(schema, name);
  if (schema.type === 'array') return list(schema);
  if (schema.type === 'object') return map(schema);
  return scalar(schema);
}

/** How objects of a built-in kind are merged, from Kubernetes' published OpenAPI; undefined for unknown kinds. */
export function builtInSchema(kind: GroupVersionKind): TypeSchema | undefined {
  const name = schemaNameOf(kind);
  return name === undefined ? undefined : schemaByName(name);
}

/** How the metadata of every object is merged, custom resources included. */
export function objectMetaSchema(): TypeSchema {
  return schemaByName('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
}
