import { formatGoValue } from '@reeve/api';
import type { TypeSchema } from '../type-schema.ts';
import { StatusError } from '../status-error.ts';
import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { elementOf } from './list-element.ts';
import { fieldElement, formatFieldPath } from './path-element.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';

/** One thing that does not fit its schema: `.spec.foo: field not declared in schema`. */
type Report = (message: string) => void;

const goValue = (value: Value): string => `&value.valueUnstructured{Value:${formatGoValue(value)}}`;

const kindOf = (value: Value): string => {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
};

function checkScalar(shape: Extract<Shape, { type: 'scalar' }>, value: Value, report: Report): void {
  if (value === null) return;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  switch (shape.scalar) {
    case 'string':
      if (typeof value !== 'string') report(`expected string, got ${goValue(value)}`);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') report(`expected boolean, got ${goValue(value)}`);
      return;
    case 'integer':
    case 'number':
      if (!isNumber) report(`expected numeric (int or float), got ${kindOf(value)}`);
      return;
    default:
      if (typeof value === 'object') report(`expected any scalar, got ${goValue(value)}`);
  }
}

/** Finds everything in a value that does not fit its schema, duplicates in sets and keyed lists among it. */
class TypeCheck {
  readonly errors: string[] = [];
  readonly #allowsDuplicates: boolean;
  readonly #path: string[] = [];

  constructor(allowsDuplicates: boolean) {
    this.#allowsDuplicates = allowsDuplicates;
  }

  readonly #report = (message: string): void => {
    const path = formatFieldPath(this.#path);
    this.errors.push(path === '' ? message : `${path}: ${message}`);
  };

  check(schema: TypeSchema, value: Value): void {
    const shape = shapeOf(schema, value);
    if (shape.type === 'scalar') checkScalar(shape, value, this.#report);
    else if (value === null) return;
    else if (shape.type === 'list') this.#list(shape, value);
    else this.#map(shape, value);
  }

  #map(shape: MapShape, value: Value): void {
    if (!isObject(value)) {
      this.#report(`expected map, got ${goValue(value)}`);
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      const schema = fieldSchema(shape, name);
      this.#path.push(fieldElement(name));
      if (schema === undefined) this.#report('field not declared in schema');
      else this.check(schema, item);
      this.#path.pop();
    }
  }

  #list(shape: ListShape, value: Value): void {
    if (!Array.isArray(value)) {
      this.#report(`expected list, got ${goValue(value)}`);
      return;
    }
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      const element = shape.list === 'atomic' ? `i:${index}` : this.#identify(shape, item, index);
      if (element === undefined) return;
      if (seen.has(element) && !this.#allowsDuplicates)
        this.#report(`duplicate entries for key ${formatFieldPath([element])}`);
      seen.add(element);
      this.#path.push(element);
      this.check(shape.item, item);
      this.#path.pop();
    }
  }

  #identify(shape: ListShape, item: Value, index: number): string | undefined {
    try {
      return elementOf(shape, item);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#report(`element ${index}: ${error.message}`);
      return undefined;
    }
  }
}

/** What does not fit the schema, in the words of structured-merge-diff; undefined if all does. */
export function typeErrors(schema: TypeSchema, object: ObjectValue): string | undefined {
  const check = new TypeCheck(false);
  check.check(schema, object);
  const { errors } = check;
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');
}

/** True if an object is of its type at all; duplicates, which clients can make by other ways than apply, do not matter. */
export function isOfType(schema: TypeSchema, object: ObjectValue): boolean {
  const check = new TypeCheck(true);
  check.check(schema, object);
  return check.errors.length === 0;
}
