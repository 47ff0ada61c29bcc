import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import type { GoField } from '../codec/go-types.ts';
import { fieldsOf } from './go-types.ts';

/** How Go prints an internal type, which has no JSON names: its field names, nothing left out. */
export function internalForm(type: string, object: ObjectValue): ObjectValue {
  const entries = fieldsOf(type).map((field): [string, Value] => [
    field.go,
    convert(field, object[field.json ?? field.go], internalForm) ?? zeroOf(field),
  ]);
  return Object.fromEntries(entries);
}

/** The other way round; fields at zero are left out. */
export function versionedForm(type: string, object: ObjectValue): ObjectValue {
  const made: ObjectValue = {};
  for (const field of fieldsOf(type)) {
    const value = convert(field, object[field.go], versionedForm);
    if (value !== undefined && value !== null) made[field.json ?? field.go] = value;
  }
  return made;
}

type Convert = (type: string, object: ObjectValue) => ObjectValue;

function convert(field: GoField, value: Value | undefined, inner: Convert): Value | undefined {
  const { kind, type, elemKind, elemType } = field;
  if (kind === 'struct' && type !== undefined && isObject(value)) return inner(type, value);
  if (elemKind !== 'struct' || elemType === undefined) return value;
  const one = (item: Value): Value => (isObject(item) ? inner(elemType, item) : item);
  if (Array.isArray(value)) return value.map(one);
  if (kind !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, one(item)]));
}

function zeroOf({ kind, type, pointer }: GoField): Value {
  if (pointer === true) return null;
  switch (kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
      return 0;
    case 'struct':
      return type === undefined || fieldsOf(type).length === 0 ? null : internalForm(type, {});
    default:
      return null;
  }
}
