import type { CelType } from './type.ts';
import { Duration, isList, isMap, isOpaque, Optional, Timestamp, TypeValue, Uint, type CelValue } from './value.ts';

/** True if a value may be an argument of a type; elements of lists and maps are looked at by their first one. */
export function fits(value: CelValue, type: CelType): boolean {
  switch (type.kind) {
    case 'int':
      return typeof value === 'bigint';
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'dyn':
    case 'error':
    case 'param':
      return true;
    default:
      return typeof value === 'object' && value !== null && objectFits(value, type);
  }
}

function objectFits(value: Extract<CelValue, object>, type: CelType): boolean {
  switch (type.kind) {
    case 'uint':
      return value instanceof Uint;
    case 'bytes':
      return value instanceof Uint8Array;
    case 'timestamp':
      return value instanceof Timestamp;
    case 'duration':
      return value instanceof Duration;
    case 'type':
      return value instanceof TypeValue;
    case 'optional':
      return value instanceof Optional;
    case 'opaque':
      return isOpaque(value) && value.opaque === type.name;
    case 'list':
      return isList(value) && (value.size === 0 || fits(value.at(0), type.element));
    case 'map':
    case 'object':
      return isMap(value);
    default:
      return false;
  }
}
