import type { Value } from '../value.ts';

/** A number whose text matters: `3.0`, `1e400` or an integer beyond int64 are not what a Go integer takes. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toNumber(): number {
    return Number(this.text);
  }
}

/** JSON as it was written: like `Value`, but with number literals where a plain number would lose the difference. */
export type ExactValue = Exclude<Value, object> | NumberLiteral | null | ExactValue[] | ExactObject;

export interface ExactObject {
  [key: string]: ExactValue;
}

/** True for a JSON object. */
export function isExactObject(value: ExactValue | undefined): value is ExactObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral);
}

/** Forgets how numbers were written. */
export function toPlain(value: ExactValue): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof NumberLiteral) return value.toNumber();
  if (Array.isArray(value)) return value.map(toPlain);
  const plain: Value = {};
  for (const key of Object.keys(value)) plain[key] = toPlain(value[key] ?? null);
  return plain;
}
