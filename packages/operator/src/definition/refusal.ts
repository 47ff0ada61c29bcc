import { OperatorError } from '../operator-error.ts';

/** A definition that no CRD can hold, with the place and the way out. */
export function refuse(path: string, why: string): OperatorError {
  return new OperatorError('DefinitionInvalid', `${path}: ${why}`);
}
