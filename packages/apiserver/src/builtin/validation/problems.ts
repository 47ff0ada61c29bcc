import { fieldErrors } from '../../field-error.ts';
import type { FieldError } from '../../field-error.ts';
import type { TextRule } from './names.ts';

/** Collects what is wrong with one object, in the order of finding. */
export class Problems {
  readonly errors: FieldError[] = [];

  invalid(path: string, value: unknown, detail: string): void {
    this.errors.push(fieldErrors.invalid(path, value, detail));
  }

  /** An invalid value that is not shown. */
  omitted(path: string, detail: string): void {
    this.errors.push({ type: 'FieldValueInvalid', field: path, message: `Invalid value: ${detail}` });
  }

  required(path: string, detail = ''): void {
    this.errors.push(fieldErrors.required(path, detail));
  }

  forbidden(path: string, detail: string): void {
    this.errors.push(fieldErrors.forbidden(path, detail));
  }

  duplicate(path: string, value: unknown): void {
    this.errors.push(fieldErrors.duplicate(path, value));
  }

  notFound(path: string, value: unknown): void {
    this.errors.push(fieldErrors.notFound(path, value));
  }

  notSupported(path: string, value: unknown, supported: readonly string[]): void {
    const { message } = fieldErrors.notSupported(path, value, []);
    const list = supported.map((text) => JSON.stringify(text)).join(', ');
    this.errors.push({
      type: 'FieldValueNotSupported',
      field: path,
      message: supported.length > 0 ? `${message}: supported values: ${list}` : message,
    });
  }

  tooLong(path: string, maxLength: number): void {
    this.errors.push(fieldErrors.tooLong(path, maxLength));
  }

  tooMany(path: string, actual: number, max: number): void {
    this.errors.push(fieldErrors.tooMany(path, actual, max));
  }

  /** One error for everything that a rule says of a text. */
  text(path: string, value: string, rule: TextRule): void {
    for (const detail of rule(value)) this.invalid(path, value, detail);
  }
}
