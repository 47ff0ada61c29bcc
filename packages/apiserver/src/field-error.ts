import { toJSONText } from './store/json-text.ts';
import type { Value } from './value.ts';

/** What is wrong with one field, as apimachinery's `field.Error` says it; the type is the cause's `reason` in a Status. */
export interface FieldError {
  readonly type:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotFound'
    | 'FieldValueDuplicate'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError';
  /** `spec.containers[0].name`; `<nil>` for the object itself. */
  readonly field: string;
  /** Without the field: `Invalid value: "A": must be …`. */
  readonly message: string;
}

/** Go's `%q` for what people write: JSON quoting. */
const quote = (text: string): string => JSON.stringify(text);

/** How `field.Error` prints a bad value: strings quoted, numbers and booleans plain, the rest as JSON. */
function printBadValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  // As Go marshals JSON: safe to stand in HTML.
  if (typeof value === 'object')
    return toJSONText(value as Value).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return String(value);
}

/** Constructors in the words of apimachinery's `field` package. */
export const fieldErrors = {
  invalid: (field: string, value: unknown, detail: string): FieldError => ({
    type: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${printBadValue(value)}${detail === '' ? '' : `: ${detail}`}`,
  }),
  required: (field: string, detail = ''): FieldError => ({
    type: 'FieldValueRequired',
    field,
    message: `Required value${detail === '' ? '' : `: ${detail}`}`,
  }),
  duplicate: (field: string, value: unknown): FieldError => ({
    type: 'FieldValueDuplicate',
    field,
    message: `Duplicate value: ${printBadValue(value)}`,
  }),
  forbidden: (field: string, detail: string): FieldError => ({
    type: 'FieldValueForbidden',
    field,
    message: `Forbidden: ${detail}`,
  }),
  notFound: (field: string, value: unknown): FieldError => ({
    type: 'FieldValueNotFound',
    field,
    message: `Not found: ${printBadValue(value)}`,
  }),
  notSupported: (field: string, value: unknown, supported: readonly string[]): FieldError => ({
    type: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${printBadValue(value)}${supported.length > 0 ? `: supported values: ${[...supported].sort().map(quote).join(', ')}` : ''}`,
  }),
  tooLong: (field: string, maxLength: number): FieldError => ({
    type: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${maxLength} bytes`,
  }),
  tooMany: (field: string, actual: number, max: number): FieldError => ({
    type: 'FieldValueTooMany',
    field,
    message: `Too many: ${actual}: must have at most ${max} item${max === 1 ? '' : 's'}`,
  }),
  typeInvalid: (field: string, value: unknown, detail: string): FieldError => ({
    type: 'FieldValueTypeInvalid',
    field,
    message: `Invalid value: ${printBadValue(value)}: ${detail}`,
  }),
  internal: (field: string, detail: string): FieldError => ({
    type: 'InternalError',
    field,
    message: `Internal error: ${detail}`,
  }),
} as const;
