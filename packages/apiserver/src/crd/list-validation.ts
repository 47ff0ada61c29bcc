import { fieldErrors, type FieldError } from '../field-error.ts';
import { child, key } from './field-path.ts';
import type { Schema } from './schema.ts';

/** What is wrong with a node's list-type, list-map-keys and map-type. */
export function validateListAndMapTypes(schema: Schema, path: string): readonly FieldError[] {
  return [
    ...typeFor(schema, schema.mapType, 'object', 'x-kubernetes-map-type', path),
    ...supported(schema.mapType, ['atomic', 'granular'], child(path, 'x-kubernetes-map-type')),
    ...typeFor(schema, schema.listType, 'array', 'x-kubernetes-list-type', path),
    ...(schema.listType === 'set' && schema.type === 'array' ? setItems(schema, path) : []),
    ...supported(schema.listType, ['atomic', 'set', 'map'], child(path, 'x-kubernetes-list-type')),
    ...keysWithoutMap(schema, path),
    ...(schema.listType === 'map' ? listMap(schema, path) : []),
    ...nullableItems(schema, path),
  ];
}

function typeFor(
  { type }: Schema,
  extension: string | undefined,
  wanted: string,
  name: string,
  path: string,
): FieldError[] {
  if (extension === undefined || type === wanted) return [];
  const at = child(path, 'type');
  const detail = `must be ${wanted} if ${name} is specified`;
  return [type === '' ? fieldErrors.required(at, detail) : fieldErrors.invalid(at, type, detail)];
}

function supported(value: string | undefined, values: readonly string[], path: string): FieldError[] {
  if (value === undefined || values.includes(value)) return [];
  const list = values.map((name) => JSON.stringify(name)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return [{ type: 'FieldValueNotSupported', field: path, message }];
}

/** Items of a set are compared as a whole, so they must be atomic. */
function setItems({ items }: Schema, path: string): FieldError[] {
  if (!items) return [];
  const at = child(path, 'items');
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  if (items.type === 'array' && items.listType !== undefined && items.listType !== 'atomic')
    return [fieldErrors.invalid(child(at, 'x-kubernetes-list-type'), items.listType, detail)];
  if (items.type === 'object' && items.mapType !== 'atomic')
    return [fieldErrors.invalid(child(at, 'x-kubernetes-map-type'), items.listType ?? null, detail)];
  return [];
}

function keysWithoutMap({ listMapKeys, listType }: Schema, path: string): FieldError[] {
  if (listMapKeys.length === 0 || listType === 'map') return [];
  const at = child(path, 'x-kubernetes-list-type');
  const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
  return [listType === undefined ? fieldErrors.required(at, detail) : fieldErrors.invalid(at, listType, detail)];
}

function listMap(schema: Schema, path: string): FieldError[] {
  const { items, listMapKeys } = schema;
  const at = child(path, 'items');
  const errors: FieldError[] = [];
  if (listMapKeys.length === 0)
    errors.push(
      fieldErrors.required(
        child(path, 'x-kubernetes-list-map-keys'),
        'must not be empty if x-kubernetes-list-type is map',
      ),
    );
  if (!items && schema.itemsList.length === 0)
    errors.push(fieldErrors.required(at, 'must have a schema if x-kubernetes-list-type is map'));
  if (!items) return errors;
  if (items.type !== 'object')
    return [
      ...errors,
      fieldErrors.invalid(
        child(at, 'type'),
        items.type,
        "must be object if parent array's x-kubernetes-list-type is map",
      ),
    ];
  return [...errors, ...mapKeys(items, listMapKeys, path)];
}

function mapKeys(items: Schema, keys: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = child(path, 'x-kubernetes-list-map-keys');
  for (const [position, name] of keys.entries()) {
    const property = items.properties.get(name);
    if (property?.type === 'array' || property?.type === 'object')
      errors.push(
        fieldErrors.invalid(
          child(key(child(child(path, 'items'), 'properties'), name), 'type'),
          items.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    else if (!property) errors.push(fieldErrors.invalid(at, keys, 'entries must all be names of item properties'));
    if (keys.indexOf(name) < position) errors.push(fieldErrors.invalid(at, keys, 'must not contain duplicate entries'));
  }
  return errors;
}

/** Items of sets and maps, and the keys of maps, must always have a value. */
function nullableItems({ items, listType, listMapKeys }: Schema, path: string): FieldError[] {
  if (!items || (listType !== 'set' && listType !== 'map')) return [];
  const at = child(path, 'items');
  const errors: FieldError[] = [];
  if (items.nullable)
    errors.push(
      fieldErrors.forbidden(child(at, 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`),
    );
  if (listType === 'set') return errors;
  for (const name of listMapKeys) {
    const property = items.properties.get(name);
    if (!property) continue;
    const place = key(child(at, 'properties'), name);
    if (!items.required.includes(name) && property.default === undefined)
      errors.push(
        fieldErrors.required(
          child(place, 'default'),
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      );
    if (property.nullable)
      errors.push(
        fieldErrors.forbidden(
          child(place, 'nullable'),
          'this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
        ),
      );
  }
  return errors;
}
