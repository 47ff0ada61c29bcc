import { formatGoValue } from '@reeve/api';
import type { Value } from '../value.ts';
import { isObject } from '../value.ts';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { keyElement, valueElement } from './path-element.ts';
import type { ListShape } from './shape.ts';

/** An item that cannot be told from others. */
const unidentified = (message: string): StatusError => statusError(500, '', message);

function keyed(list: Extract<ListShape, { readonly list: 'map' }>, item: Value): string {
  if (item === null) throw unidentified('associative list with keys may not have a null element');
  if (!isObject(item)) throw unidentified('associative list with keys may not have non-map elements');
  const keys: Record<string, Value> = {};
  let found = 0;
  for (const name of list.keys) {
    const value = item[name] ?? (name in item ? null : list.keyDefaults[name]);
    if (value === undefined) continue;
    keys[name] = value;
    found++;
  }
  if (found > 0) return keyElement(keys);
  throw unidentified(
    `associative list with keys has an element that omits all key fields ${formatGoValue(list.keys.map((key) => JSON.stringify(key)))} (and doesn't have default values for any key fields)`,
  );
}

/** The path element of an item of a set or keyed list. Throws a StatusError (500) if it has none. */
export function elementOf(list: ListShape, item: Value): string {
  if (list.list === 'map') return keyed(list, item);
  if (isObject(item)) throw unidentified("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) throw unidentified('not supported: associative list with lists as elements');
  if (item === null) throw unidentified("associative list without keys has an element that's an explicit null");
  return valueElement(item);
}
