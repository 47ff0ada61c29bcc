import { isObject, type ObjectValue, type Value } from '../value.ts';
import { index } from './field-path.ts';
import { valueSchema, type Schema } from './schema.ts';

/** Told of every field that was dropped. */
export type OnPruned = (path: string) => void;

const nothing: OnPruned = () => {};

/** Fields of an object itself (or an embedded one) that no schema needs to declare. */
const typeFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Drops what a structural schema does not declare, in place (KEP-2337). */
export function prune(value: Value, schema: Schema, isRoot: boolean, onPruned: OnPruned = nothing): void {
  pruneValue(value, schema, isRoot || schema.embeddedResource, '', onPruned);
}

function pruneValue(
  value: Value,
  schema: Schema | undefined,
  isResource: boolean,
  path: string,
  onPruned: OnPruned,
): void {
  if (schema?.preserveUnknownFields === true) skipPreserved(value, schema, isResource, path, onPruned);
  else if (Array.isArray(value))
    for (const [position, item] of value.entries())
      pruneValue(item, schema?.items, schema?.items?.embeddedResource === true, index(path, position), onPruned);
  else if (isObject(value)) pruneObject(value, schema, isResource, path, onPruned);
}

const step = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function pruneObject(
  value: ObjectValue,
  schema: Schema | undefined,
  isResource: boolean,
  path: string,
  onPruned: OnPruned,
): void {
  const additional = schema?.additionalProperties;
  for (const [name, field] of Object.entries(value)) {
    if (isResource && typeFields.has(name)) continue;
    const at = step(path, name);
    const property = schema?.properties.get(name);
    if (property) pruneValue(field, property, property.embeddedResource, at, onPruned);
    else if (additional !== undefined)
      pruneValue(field, typeof additional === 'object' ? additional : undefined, isEmbedded(additional), at, onPruned);
    else {
      delete value[name];
      onPruned(at);
    }
  }
}

const isEmbedded = (schema: Schema | boolean): boolean => typeof schema === 'object' && schema.embeddedResource;

/** Below x-kubernetes-preserve-unknown-fields only declared fields are pruned. */
function skipPreserved(
  value: Value,
  schema: Schema | undefined,
  isResource: boolean,
  path: string,
  onPruned: OnPruned,
): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    for (const [position, item] of value.entries())
      skipPreserved(item, items, items?.embeddedResource === true, index(path, position), onPruned);
  } else if (isObject(value))
    for (const [name, field] of Object.entries(value)) {
      if (isResource && typeFields.has(name)) continue;
      const declared = schema.properties.get(name) ?? valueSchema(schema);
      if (declared) pruneValue(field, declared, declared.embeddedResource, step(path, name), onPruned);
    }
}
