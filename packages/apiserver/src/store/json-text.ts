import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';

/** JSON text of a value. Integers beyond 2^53 are bigint, which JSON.stringify refuses: only then the slow way is taken. */
export function toJSONText(value: Value): string {
  try {
    return JSON.stringify(value);
  } catch {
    return exactText(value);
  }
}

function exactText(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(exactText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => `${JSON.stringify(key)}:${exactText(child)}`)
    .join(',')}}`;
}

const longDigits = /\d{16}/;

/** Reads what `toJSONText` wrote; integers beyond 2^53 come back as bigint. */
export function fromJSONText(text: string): ObjectValue {
  if (!longDigits.test(text)) return JSON.parse(text) as ObjectValue;
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? '')
      : value;
  return JSON.parse(text, reviver) as ObjectValue;
}
