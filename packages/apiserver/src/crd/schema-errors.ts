import { fieldErrors, type FieldError } from '../field-error.ts';
import type { Value } from '../value.ts';
import { child, shown } from './field-path.ts';
import { numberText } from '../cel/number-text.ts';

/** An error of go-openapi's validator: where (relative to the validated value), and the field error it becomes. */
export interface SchemaError {
  /** go-openapi's text: equal texts are told once. */
  readonly text: string;
  readonly error: FieldError;
}

/** What a validation found. `matches` counts what held: of several failing alternatives the best match is told. */
export interface SchemaResult {
  errors: SchemaError[];
  matches: number;
}

/** Makes the errors of one validation, with the prefix that all their fields have. */
export interface ErrorPlace {
  /** Path of the value in the whole object. */
  readonly prefix: string;
}

const at = ({ prefix }: ErrorPlace, path: string): string =>
  shown(path === '' ? prefix : child(prefix, path.startsWith('.') ? path.slice(1) : path));

/** A JSON value in an error; numbers as Go prints them. */
export function shownValue(value: Value | undefined): string {
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value);
  return value === undefined ? '""' : jsonText(value);
}

/** JSON with sorted keys, as Go marshals maps. */
export function jsonText(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const fields = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${jsonText(value[name] ?? null)}`);
  return `{${fields.join(',')}}`;
}

export function invalidValue(place: ErrorPlace, path: string, value: Value, detail: string): SchemaError {
  const text = `${path} in body ${detail}`;
  const message = `Invalid value: ${shownValue(value)}: ${text}`;
  return { text, error: { type: 'FieldValueInvalid', field: at(place, path), message } };
}

export function typeError(place: ErrorPlace, path: string, expected: string, value: string): SchemaError {
  const text = `${path} in body must be of type ${expected}: ${JSON.stringify(value)}`;
  return { text, error: fieldErrors.typeInvalid(at(place, path), value, text) };
}

/** An error that go-openapi tells without a path: it ends up at the validated value itself. */
export function looseError(place: ErrorPlace, text: string): SchemaError {
  return { text, error: { type: 'FieldValueInvalid', field: at(place, ''), message: `Invalid value: "": ${text}` } };
}

export function requiredError(place: ErrorPlace, path: string): SchemaError {
  return { text: `${path} in body is required`, error: fieldErrors.required(at(place, path)) };
}

export function enumError(place: ErrorPlace, path: string, value: Value, allowed: readonly Value[]): SchemaError {
  const shownAllowed = allowed.map((item) => (typeof item === 'string' ? item : jsonText(item)));
  const message = `Unsupported value: ${shownValue(value)}: supported values: ${shownAllowed.map((item) => JSON.stringify(item)).join(', ')}`;
  const text = `${path} in body should be one of [${shownAllowed.join(' ')}]`;
  return { text, error: { type: 'FieldValueNotSupported', field: at(place, path), message } };
}

export function tooLong(place: ErrorPlace, path: string, max: number): SchemaError {
  const message = `Too long: may not be more than ${max} byte${max === 1 ? '' : 's'}`;
  return {
    text: `${path} in body should be at most ${max} chars long`,
    error: { type: 'FieldValueTooLong', field: at(place, path), message },
  };
}

export function tooMany(place: ErrorPlace, path: string, actual: number, max: number, what: string): SchemaError {
  return {
    text: `${path} in body should have at most ${max} ${what}`,
    error: fieldErrors.tooMany(at(place, path), actual, max),
  };
}
