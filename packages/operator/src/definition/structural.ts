import type { JSONSchemaProps } from '@reeve/api/apiextensions/v1';
import { refuse } from './refusal.ts';
import { structuralUnion } from './unions.ts';
import type { RawSchema } from './zod-schema.ts';

/** Keywords that are carried over as they are. */
const carried = [
  'description',
  'title',
  'default',
  'enum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'nullable',
  'x-kubernetes-validations',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-int-or-string',
  'x-kubernetes-embedded-resource',
] as const;

/** Keywords that this pass understands itself. */
const handled = [
  'type',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'anyOf',
  'oneOf',
  'allOf',
  'format',
  'pattern',
];

/** Keywords that say nothing to an API server. */
const dropped = [
  '$schema',
  'id',
  '$id',
  'readOnly',
  'writeOnly',
  'deprecated',
  'example',
  'examples',
  'contentEncoding',
  'contentMediaType',
];

const known: ReadonlySet<string> = new Set([...carried, ...handled, ...dropped]);

/** Formats that the API server checks (apiextensions-apiserver's list); zod's patterns for them only repeat it. */
const formats: ReadonlySet<string> = new Set([
  'bsonobjectid',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'cidr',
  'mac',
  'uuid',
  'uuid3',
  'uuid4',
  'uuid5',
  'isbn',
  'isbn10',
  'isbn13',
  'creditcard',
  'ssn',
  'hexcolor',
  'rgbcolor',
  'byte',
  'password',
  'date',
  'duration',
  'date-time',
  'int32',
  'int64',
  'float',
  'double',
  'datetime',
]);
/** The server's idea of a duration is Go's (1h30m), zod's is ISO 8601: only the name is the same. */
const otherMeaning: ReadonlySet<string> = new Set(['duration']);

/** Patterns are RE2: no looking around, no back references. */
const notRE2 = /\(\?[=!]|\(\?<[=!]|\\[1-9]/;

function carriedOver(schema: RawSchema): Record<string, unknown> {
  const kept = carried.filter((keyword) => schema[keyword] !== undefined);
  const entries = kept.map((keyword): [string, unknown] => [keyword, schema[keyword]]);
  // Without limits of its own, zod's int() is limited to what JavaScript can count.
  const own = entries.filter(([keyword, value]) => {
    return (
      !(keyword === 'maximum' && value === Number.MAX_SAFE_INTEGER) &&
      !(keyword === 'minimum' && value === Number.MIN_SAFE_INTEGER)
    );
  });
  return Object.fromEntries(own);
}

function textKeywords(schema: RawSchema, path: string): JSONSchemaProps {
  const { format, pattern } = schema;
  const checked = typeof format === 'string' && formats.has(format) && !otherMeaning.has(format);
  if (checked) return { format };
  if (typeof format === 'string' && otherMeaning.has(format)) {
    throw refuse(path, `format ${format} means something else to the API server: use z.string().regex(…)`);
  }
  if (typeof pattern !== 'string') return {};
  if (notRE2.test(pattern)) {
    throw refuse(
      path,
      `the pattern ${pattern} looks around or back, which the API server's RE2 cannot: simplify it or use a rule`,
    );
  }
  return { pattern };
}

function isSchema(value: unknown): value is RawSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectKeywords(schema: RawSchema, path: string): JSONSchemaProps {
  const { properties, required, additionalProperties: rest } = schema;
  const fields = isSchema(properties)
    ? Object.entries(properties).map(
        ([name, property]) => [name, structural(property as RawSchema, `${path}.${name}`)] as const,
      )
    : undefined;
  const open = isSchema(rest) && Object.keys(rest).length === 0;
  return {
    ...(fields === undefined ? {} : { properties: Object.fromEntries(fields) }),
    ...(Array.isArray(required) && required.length > 0 ? { required: required as string[] } : {}),
    // Fields beside the declared ones: pruned unless the object is loose; a strict object needs nothing more.
    ...(open && fields !== undefined ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(isSchema(rest) && fields === undefined ? { additionalProperties: structural(rest, `${path}.*`) } : {}),
  };
}

function refuseUnknown(schema: RawSchema, path: string): void {
  const unknown = Object.keys(schema).find((keyword) => !known.has(keyword));
  if (unknown === undefined) return;
  const why = unknown === '$ref' ? 'a CRD cannot refer to schemas or be recursive' : `a CRD cannot hold ${unknown}`;
  throw refuse(path, why);
}

/** All of several schemas: only their limits can be merged, which is what string checks need. */
function merged(schema: RawSchema, path: string): RawSchema {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const all = allOf as readonly RawSchema[];
  const patterns = all.map((part) => part['pattern']).filter((pattern) => pattern !== undefined);
  if (patterns.length > 1) throw refuse(path, 'a field has one pattern: write one regular expression, or rules');
  return Object.assign({}, rest, ...all) as RawSchema;
}

function checkListKeys(schema: JSONSchemaProps, path: string): void {
  if (schema['x-kubernetes-list-type'] !== 'map') return;
  const items = schema.items as JSONSchemaProps | undefined;
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = items?.properties?.[key];
    if (property === undefined) throw refuse(path, `the list's key ${key} is no field of its items`);
    if (property.default === undefined && items?.required?.includes(key) !== true) {
      throw refuse(path, `the list's key ${key} must be required or have a default`);
    }
  }
}

function typed(schema: RawSchema, path: string): JSONSchemaProps {
  const { type } = schema;
  const base = carriedOver(schema) as JSONSchemaProps;
  switch (type) {
    case 'object':
      return { type, ...base, ...objectKeywords(schema, path) };
    case 'array': {
      if (!isSchema(schema['items'])) throw refuse(path, 'a list needs one schema for its items');
      const list = { type, ...base, items: structural(schema['items'], `${path}[]`) };
      checkListKeys(list, path);
      return list;
    }
    case 'string':
      return { type, ...base, ...textKeywords(schema, path) };
    case 'integer':
    case 'number':
    case 'boolean':
      return { type, ...base };
    default:
      if (type === undefined && (base['x-kubernetes-int-or-string'] ?? base['x-kubernetes-preserve-unknown-fields']))
        return base;
      if (
        type === undefined &&
        Object.keys(base).every((keyword) => keyword === 'description' || keyword === 'nullable')
      ) {
        return { ...base, 'x-kubernetes-preserve-unknown-fields': true };
      }
      throw refuse(path, type === undefined ? 'the field needs a type' : `a CRD has no type ${String(type)}`);
  }
}

/** A structural schema (CRD v1), or an error that names the place and the way out. */
export function structural(raw: RawSchema, path: string): JSONSchemaProps {
  refuseUnknown(raw, path);
  const schema = merged(raw, path);
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(branches)) return typed(schema, path);
  return { ...(carriedOver(schema) as JSONSchemaProps), ...structuralUnion(branches as RawSchema[], path, structural) };
}
