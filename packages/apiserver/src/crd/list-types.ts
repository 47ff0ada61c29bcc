import type { FieldError } from '../field-error.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { child, index, key } from './field-path.ts';
import { jsonText, shownValue } from './schema-errors.ts';
import { valueSchema, type Schema } from './schema.ts';

/** Finds items that occur twice in sets and in lists with keys; undefined if the schema has no such list. */
export type UniquenessCheck = (value: Value, path: string, errors: FieldError[]) => void;

/** Compiles the uniqueness rules of a schema. */
export function compileUniqueness(schema: Schema): UniquenessCheck | undefined {
  const own = schema.listType === 'set' || schema.listType === 'map';
  const item = schema.items && compileUniqueness(schema.items);
  const values = valueSchema(schema);
  const additional = values && compileUniqueness(values);
  const properties = new Map<string, UniquenessCheck>();
  for (const [name, property] of schema.properties) {
    const check = compileUniqueness(property);
    if (check) properties.set(name, check);
  }
  if (!own && !item && !additional && properties.size === 0) return undefined;
  return (value, path, errors) => {
    if (Array.isArray(value)) {
      if (own) errors.push(...duplicates(schema, value, path));
      if (item) for (const [position, element] of value.entries()) item(element, index(path, position), errors);
    } else if (isObject(value))
      for (const [name, field] of Object.entries(value)) {
        if (!schema.properties.has(name)) additional?.(field, key(path, name), errors);
        else properties.get(name)?.(field, child(path, name), errors);
      }
  };
}

function duplicates(schema: Schema, list: readonly Value[], path: string): FieldError[] {
  if (schema.listType === 'set') return repeated(list, path, (item) => item, jsonText);
  const wrong = list.findIndex((item) => item !== null && !isObject(item));
  if (wrong >= 0)
    return [
      {
        type: 'FieldValueInvalid',
        field: index(path, wrong),
        message: `Invalid value: ${shownValue(list[wrong])}: must be an object for an array of list-type map`,
      },
    ];
  return repeated(list, path, (item) => keysOf(schema, item), keyTextOf(schema));
}

function keysOf(schema: Schema, item: Value): ObjectValue {
  const keys: ObjectValue = {};
  if (!isObject(item)) return keys;
  for (const name of schema.listMapKeys) {
    const value = item[name];
    if (value !== undefined) keys[name] = value;
  }
  return keys;
}

/** A text that only items with the same keys share; most lists have one key, a string. */
function keyTextOf({ listMapKeys }: Schema): (item: Value) => string {
  const textOf = (item: Value, name: string): string => {
    const value = isObject(item) ? item[name] : undefined;
    return value === undefined ? '' : jsonText(value);
  };
  const [only] = listMapKeys;
  if (listMapKeys.length === 1 && only !== undefined) return (item) => textOf(item, only);
  return (item) => listMapKeys.map((name) => textOf(item, name)).join();
}

/** A value that occurs more than once is told once, at its second place. */
function repeated(
  list: readonly Value[],
  path: string,
  told: (item: Value) => Value,
  textOf: (item: Value) => string,
): FieldError[] {
  if (list.length < 2) return [];
  const seen = new Map<string, number>();
  const errors: FieldError[] = [];
  for (const [position, value] of list.entries()) {
    const text = textOf(value);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1)
      errors.push({
        type: 'FieldValueDuplicate',
        field: index(path, position),
        message: `Duplicate value: ${shownValue(told(value))}`,
      });
  }
  return errors;
}
