import type { ResourceInfo } from '../registry/resource-info.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { schemaRef, type Document } from './json-document.ts';
import { metaPrefix } from './published-schemas.ts';

/** `shop.example.com`, `v1`, `Widget` is published as `com.example.shop.v1.Widget`. */
export function customSchemaName(group: string, version: string, kind: string): string {
  return [...group.split('.').toReversed(), version, kind].join('.');
}

const typeFields = {
  apiVersion: { type: 'string', description: 'The group and version of this form of the object, such as apps/v1.' },
  kind: { type: 'string', description: 'The kind of the object, in CamelCase; it cannot be changed.' },
} as const;

const objectMeta: Document = {
  description: 'What all objects have in common: name, labels, owners and so on.',
  allOf: [schemaRef(`${metaPrefix}.ObjectMeta`)],
};

/** What a structural schema may carry beyond what is published. */
const unpublished = new Set(['id', '$schema', 'example', 'externalDocs']);

/** The schemas of a custom resource's kind and of its list, by name. */
export function customSchemas(resource: ResourceInfo): Readonly<Record<string, Document>> {
  const { group, version, kind, listKind } = resource;
  const name = customSchemaName(group, version, kind);
  const gvk = (own: string): Document => ({ 'x-kubernetes-group-version-kind': [{ group, version, kind: own }] });
  const root = publish(structuralSchema(resource));
  const object = { ...root, properties: { ...propertiesOf(root), ...typeFields, metadata: objectMeta }, ...gvk(kind) };
  return {
    [name]: object,
    [customSchemaName(group, version, listKind)]: { ...listSchema(resource, name), ...gvk(listKind) },
  };
}

function structuralSchema({ definition }: ResourceInfo): ObjectValue {
  const schema = definition?.['schema'];
  const structural = isObject(schema) ? schema['openAPIV3Schema'] : undefined;
  return isObject(structural) ? structural : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

function propertiesOf(schema: Document): Document {
  const properties = schema['properties'];
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

function listSchema({ kind, listKind }: ResourceInfo, item: string): Document {
  return {
    type: 'object',
    description: `${listKind} is a list of ${kind}`,
    required: ['items'],
    properties: {
      ...typeFields,
      metadata: { description: 'The version of the list.', allOf: [schemaRef(`${metaPrefix}.ListMeta`)] },
      items: { type: 'array', description: 'The objects.', items: schemaRef(item) },
    },
  };
}

/** A structural schema as clients see it: int-or-string and embedded objects spelled out. */
function publish(schema: ObjectValue): Document {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) if (!unpublished.has(key)) result[key] = publishPart(key, value);
  if (schema['x-kubernetes-int-or-string'] === true && !('anyOf' in schema) && !('allOf' in schema)) {
    result['anyOf'] = [{ type: 'integer' }, { type: 'string' }];
  }
  if (schema['x-kubernetes-embedded-resource'] !== true) return result;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return {
    ...result,
    properties: { ...propertiesOf(result), ...typeFields, metadata: objectMeta },
    required: [...new Set([...required, 'kind', 'apiVersion'])],
  };
}

function publishPart(key: string, value: Value): unknown {
  if ((key === 'items' || key === 'additionalProperties') && isObject(value)) return publish(value);
  if (key !== 'properties' || !isObject(value)) return value;
  const parts = Object.entries(value).map(([name, part]) => [name, isObject(part) ? publish(part) : part]);
  return Object.fromEntries(parts);
}
