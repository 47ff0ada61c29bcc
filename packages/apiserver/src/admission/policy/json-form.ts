import { Failure, isList, isMap, itemsOf, Uint } from '../../cel/value.ts';
import type { CelMap, CelValue } from '../../cel/value.ts';
import type { ObjectValue, Value } from '../../value.ts';

/** What an expression made, as JSON; a failure if it cannot be JSON. `at` is where it stands in the object. */
export function jsonForm(value: CelValue, at = 'Object'): Value | Failure {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return plainNumber(value);
  if (value instanceof Uint) return plainNumber(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Failure) return value;
  if (isList(value)) return listForm(itemsOf(value), at);
  if (isMap(value)) return mapForm(value, at);
  return new Failure('unsupported value in a mutation');
}

const plainNumber = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

function listForm(items: readonly CelValue[], at: string): Value | Failure {
  const made: Value[] = [];
  for (const item of items) {
    const form = jsonForm(item, at);
    if (form instanceof Failure) return form;
    made.push(form);
  }
  return made;
}

function mapForm(map: CelMap, at: string): Value | Failure {
  const { typeName } = map;
  if (typeName?.startsWith('Object') === true && typeName !== at) {
    const expected = JSON.stringify(at);
    return new Failure(
      `unexpected type name ${JSON.stringify(typeName)}, expected ${expected}, which matches field name path from root Object type`,
    );
  }
  const made: ObjectValue = {};
  for (const key of map.keys()) {
    const name = typeof key === 'string' ? key : String(key);
    const form = jsonForm(map.get(key) ?? null, `${at}.${name}`);
    if (form instanceof Failure) return form;
    made[name] = form;
  }
  return made;
}
