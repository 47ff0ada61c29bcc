import { isObject } from '../../value.ts';
import type { ObjectValue, Value } from '../../value.ts';
import type { TextRule } from './names.ts';
import type { Problems } from './problems.ts';

/** Looks at one value and tells what is wrong with it. */
export type Check = (problems: Problems, path: string, value: Value | undefined) => void;

/** A field below: `spec.containers`. */
export function below(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

/** True for what Go calls the zero value of most types. */
export function isUnset(value: Value | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
  );
}

/** Must be there. */
export const required: Check = (problems, path, value) => {
  if (isUnset(value)) problems.required(path);
};

/** Must be there, with a reason. */
export function requiredBecause(detail: string): Check {
  return (problems, path, value) => {
    if (isUnset(value)) problems.required(path, detail);
  };
}

/** A text, if any, must keep a rule. */
export function text(rule: TextRule): Check {
  return (problems, path, value) => {
    if (typeof value === 'string' && value !== '') problems.text(path, value, rule);
  };
}

/** A text must be there and keep a rule. */
export function requiredText(rule: TextRule): Check {
  return (problems, path, value) => {
    if (typeof value !== 'string' || value === '') problems.required(path);
    else problems.text(path, value, rule);
  };
}

/** A value, if any, must be one of these. */
export function oneOf(...supported: readonly string[]): Check {
  return (problems, path, value) => {
    if (typeof value === 'string' && value !== '' && !supported.includes(value)) {
      problems.notSupported(path, value, supported);
    }
  };
}

/** Must be there and be one of these. */
export function requiredOneOf(...supported: readonly string[]): Check {
  return (problems, path, value) => {
    if (isUnset(value)) problems.required(path);
    else oneOf(...supported)(problems, path, value);
  };
}

/** Zero or more. */
export const nonNegative: Check = (problems, path, value) => {
  if (isNumber(value) && value < 0) problems.invalid(path, value, 'must be greater than or equal to 0');
};

/** One or more. */
export const positive: Check = (problems, path, value) => {
  if (isNumber(value) && value <= 0) problems.invalid(path, value, 'must be greater than zero');
};

/** Within bounds, both allowed. */
export function inRange(low: number, high: number): Check {
  return (problems, path, value) => {
    if (isNumber(value) && (value < low || value > high)) {
      problems.invalid(path, value, `must be between ${low} and ${high}, inclusive`);
    }
  };
}

/** A port number. */
export const portNumber: Check = inRange(1, 65_535);

/** Several checks of one value. */
export function all(...checks: readonly Check[]): Check {
  return (problems, path, value) => {
    for (const check of checks) check(problems, path, value);
  };
}

/** The fields of an object, if there is one, in this order. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (problems, path, value) => {
    if (!isObject(value)) return;
    for (const [field, check] of entries) check(problems, below(path, field), value[field]);
  };
}

/** The items of a list. */
export function each(check: Check): Check {
  return (problems, path, value) => {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) check(problems, `${path}[${index}]`, item);
  };
}

/** A check of objects that only some need. */
export function when(condition: (value: ObjectValue) => boolean, check: Check): Check {
  return (problems, path, value) => {
    if (isObject(value) && condition(value)) check(problems, path, value);
  };
}

export function isNumber(value: Value | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
