import { badRequest } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { NumberLiteral } from './number-literal.ts';
import type { ExactObject, ExactValue } from './number-literal.ts';
import type { Pairs } from './json-reader.ts';

/** Go names a JSON value by its kind; numbers that do not fit are quoted. */
function describe(value: ExactValue, quotesNumbers: boolean): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof NumberLiteral) return quotesNumbers ? `number ${value.text}` : 'number';
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return quotesNumbers ? `number ${value}` : 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'null' : 'object';
  }
}

/** Where decoding is, for the texts of Go's errors, and whether it met a field that it does not know. */
export class DecodeState {
  readonly #path: string[] = [];
  readonly #structs: string[] = [];
  hasUnknown = false;

  enter(struct: string, field: string): void {
    this.#structs.push(struct);
    this.#path.push(field);
  }

  leave(): void {
    this.#structs.pop();
    this.#path.pop();
  }

  /** Go's UnmarshalTypeError; numbers are quoted only where the type is one of numbers. */
  typeError(value: ExactValue, goType: string): StatusError {
    const found = describe(value, /^(int|float)/.test(goType));
    const struct = this.#structs.at(-1);
    const place = struct === undefined ? 'value' : `struct field ${struct}.${this.#path.join('.')}`;
    return badRequest(`json: cannot unmarshal ${found} into Go ${place} of type ${goType}`);
  }
}

/** Go tells at most so many strict errors. */
const MAX_PROBLEMS = 100;

/** Collects what strict decoding complains about, each text once, in the order of the document. */
export class StrictProblems {
  readonly #messages = new Set<string>();
  readonly #repeated: ReadonlyMap<ExactObject, Pairs> | undefined;

  constructor(repeated: ReadonlyMap<ExactObject, Pairs> | undefined) {
    this.#repeated = repeated;
  }

  pairsOf(value: ExactObject): Pairs {
    return this.#repeated?.get(value) ?? Object.entries(value);
  }

  add(problem: 'unknown' | 'duplicate', path: string): void {
    if (this.#messages.size < MAX_PROBLEMS) this.#messages.add(`${problem} field ${JSON.stringify(path)}`);
  }

  messages(): readonly string[] {
    return [...this.#messages];
  }
}
