import { escapeName, objectType, type Declaration, type DeclaredField, type ListKind } from '../cel/declaration.ts';
import { dyn, listOf, mapOf, simple } from '../cel/type.ts';
import { parseSchema, valueSchema, type Schema } from './schema.ts';

/** The largest request that the server takes, in bytes: nothing in it can be larger. */
const maxRequestBytes = 3 * 1024 * 1024;

const textSizes: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  duration: { min: 3, max: 32 },
  date: { min: 12, max: 12 },
  'date-time': { min: 21, max: 32 },
};

const largestText = maxRequestBytes - 2;

/** Fields that expressions always see of an object itself. */
const metaProperties = new Map<string, Schema>(
  Object.entries({
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
  }).map(([name, schema]) => [name, parseSchema(schema)]),
);

/** What expressions may know of values of a schema; undefined if they may not look at them at all. */
export function declarationOf(schema: Schema, isResource: boolean, name = 'selfType'): Declaration | undefined {
  if (schema.intOrString) return { type: dyn, minSize: 1, maxElements: textLength(schema) };
  switch (schema.type) {
    case 'array':
      return listDeclaration(schema, name);
    case 'object':
      return objectOrMap(schema, isResource, name);
    case 'string':
      return textDeclaration(schema);
    case 'boolean':
      return { type: simple('bool'), minSize: 4, maxElements: 0 };
    case 'number':
      return { type: simple('double'), minSize: 1, maxElements: 0 };
    case 'integer':
      return { type: simple('int'), minSize: 1, maxElements: 0 };
    default:
      return undefined;
  }
}

function textLength(schema: Schema): number {
  return schema.maxLength === undefined ? largestText : Math.max(0, schema.maxLength) * 4;
}

function listDeclaration(schema: Schema, name: string): Declaration | undefined {
  const element = schema.items && declarationOf(schema.items, schema.items.embeddedResource, `${name}.@idx`);
  if (!element) return undefined;
  const limit = schema.maxItems ?? Math.floor((maxRequestBytes - 2) / (element.minSize + 1));
  return {
    type: listOf(element.type),
    element,
    list: listKind(schema),
    minSize: 2,
    maxElements: Math.max(0, limit),
  };
}

function listKind(schema: Schema): ListKind {
  if (schema.listType === 'map') return { kind: 'map', keys: schema.listMapKeys.map((key) => escapeName(key) ?? key) };
  return { kind: schema.listType === 'set' ? 'set' : 'atomic' };
}

function objectOrMap(schema: Schema, isResource: boolean, name: string): Declaration | undefined {
  const values = valueSchema(schema);
  if (!values) return objectDeclaration(schema, isResource, name);
  const element = declarationOf(values, values.embeddedResource, `${name}.@elem`);
  if (!element) return undefined;
  const limit = schema.maxProperties ?? Math.floor((maxRequestBytes - 2) / (element.minSize + 6));
  return { type: mapOf(simple('string'), element.type), element, minSize: 2, maxElements: Math.max(0, limit) };
}

function objectDeclaration(schema: Schema, isResource: boolean, name: string): Declaration {
  const fields = new Map<string, DeclaredField>();
  const properties = isResource ? new Map([...schema.properties, ...metaProperties]) : schema.properties;
  let minSize = 2;
  for (const [property, propertySchema] of properties) {
    const type = declarationOf(propertySchema, propertySchema.embeddedResource, `${name}.${property}`);
    if (!type) continue;
    const escaped = escapeName(property);
    if (escaped !== undefined) fields.set(escaped, { name: property, type });
    if (schema.required.includes(property) && propertySchema.default === undefined)
      minSize += property.length + type.minSize + 4;
  }
  return { type: objectType(name, fields), fields, minSize, maxElements: 0 };
}

function textDeclaration(schema: Schema): Declaration {
  const { format } = schema;
  const sizes = textSizes[format];
  if (sizes && (format === 'duration' || format === 'date' || format === 'date-time')) {
    const type = simple(format === 'duration' ? 'duration' : 'timestamp');
    return { type, format, minSize: sizes.min, maxElements: sizes.max };
  }
  if (format === 'byte')
    return { type: simple('bytes'), format, minSize: 2, maxElements: Math.max(0, schema.maxLength ?? largestText) };
  const longest = Math.max(
    0,
    ...schema.enum.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0)),
  );
  const bounded = schema.maxLength === undefined && schema.enum.length > 0;
  return { type: simple('string'), minSize: 2, maxElements: bounded ? longest : textLength(schema) };
}

/** How many values of this size one request can hold at most. */
export function maxCardinality({ minSize }: Declaration): number {
  return Math.floor(maxRequestBytes / (minSize + 1));
}
