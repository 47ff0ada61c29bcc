import { checkMetadata } from '../meta/validate-metadata.ts';
import { dns1035Label, pathSegment } from '../builtin/validation/names.ts';
import { Problems } from '../builtin/validation/problems.ts';
import { decodeObjectMeta } from '../codec/object-meta.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import { StatusError } from '../status-error.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { child, index, key } from './field-path.ts';
import { shownValue } from './schema-errors.ts';
import { valueSchema, type Schema } from './schema.ts';

/** Visits every object that a schema says is a resource inside another one. */
function visitEmbedded(
  value: Value,
  schema: Schema | undefined,
  path: string,
  isResource: boolean,
  visit: (object: ObjectValue, path: string) => void,
): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries())
      visitEmbedded(item, schema.items, index(path, position), schema.items?.embeddedResource === true, visit);
  } else if (isObject(value)) {
    if (isResource) visit(value, path);
    for (const [name, field] of Object.entries(value)) {
      const property = schema.properties.get(name);
      const declared = property ?? valueSchema(schema);
      const at = property ? child(path, name) : key(path, name);
      visitEmbedded(field, declared, at, declared?.embeddedResource === true, visit);
    }
  }
}

/** True if a schema has resources inside. */
export function hasEmbedded(schema: Schema): boolean {
  const values = valueSchema(schema);
  const below = [...schema.properties.values(), ...(schema.items ? [schema.items] : []), ...(values ? [values] : [])];
  return schema.embeddedResource || below.some(hasEmbedded);
}

/**
 * Brings the metadata of embedded resources into form, in place: unknown fields are dropped and told. Gives what makes
 * the whole object undecodable, if anything does.
 */
export function coerceEmbedded(
  object: ObjectValue,
  schema: Schema,
  onUnknown: (problem: string) => void,
): string | undefined {
  let problem: string | undefined;
  visitEmbedded(object, schema, '', false, (embedded, path) => {
    problem ??= coerceOne(embedded, path, onUnknown);
  });
  return problem;
}

function coerceOne(embedded: ObjectValue, path: string, onUnknown: (problem: string) => void): string | undefined {
  for (const name of ['apiVersion', 'kind']) {
    const value = embedded[name];
    if (value !== undefined && typeof value !== 'string')
      return `${child(path, name)}: Invalid value: ${shownValue(value)}: must be a string`;
  }
  const { metadata } = embedded;
  if (metadata === undefined || metadata === null) return undefined;
  const at = child(path, 'metadata');
  try {
    const decoded = decodeObjectMeta(metadata, at);
    if (decoded.metadata['creationTimestamp'] === null) delete decoded.metadata['creationTimestamp'];
    embedded['metadata'] = decoded.metadata;
    for (const unknown of decoded.problems) onUnknown(unknown);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `${at}: Invalid value: ${shownValue(metadata)}: ${error.message}`;
  }
}

/** Checks type and metadata of embedded resources, and of the value itself if it is one. */
export function validateEmbedded(
  value: Value,
  schema: Schema,
  path: string,
  isResource: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  visitEmbedded(value, schema, path, isResource, (object, at) => errors.push(...validateOne(object, at)));
  return errors;
}

function validateOne(object: ObjectValue, path: string): FieldError[] {
  const { apiVersion, kind, metadata } = object;
  const errors = [
    ...validateVersion(apiVersion, child(path, 'apiVersion')),
    ...validateKind(kind, child(path, 'kind')),
  ];
  if (!isObject(metadata)) return errors;
  const problems = new Problems();
  const named = metadata['name'] ? metadata : { ...metadata, name: 'fakename' };
  checkMetadata(problems, named, child(path, 'metadata'), Boolean(metadata['namespace']), pathSegment);
  return [...errors, ...problems.errors];
}

function validateVersion(value: Value | undefined, path: string): FieldError[] {
  if (value === undefined) return [fieldErrors.required(path)];
  if (typeof value !== 'string') return [fieldErrors.invalid(path, value, 'must be a string')];
  if (value === '') return [fieldErrors.invalid(path, value, 'must not be empty')];
  return value.split('/').length > 2
    ? [fieldErrors.invalid(path, value, `unexpected GroupVersion string: ${value}`)]
    : [];
}

function validateKind(value: Value | undefined, path: string): FieldError[] {
  if (value === undefined) return [fieldErrors.required(path)];
  if (typeof value !== 'string') return [fieldErrors.invalid(path, value, 'must be a string')];
  if (value === '') return [fieldErrors.invalid(path, value, 'must not be empty')];
  const problems = dns1035Label(value.toLowerCase());
  return problems.length > 0
    ? [fieldErrors.invalid(path, value, `may have mixed case, but should otherwise match: ${problems.join(',')}`)]
    : [];
}
