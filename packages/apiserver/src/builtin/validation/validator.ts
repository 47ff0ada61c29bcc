import type { FieldError } from '../../field-error.ts';
import type { WriteContext } from '../../strategy.ts';
import type { ObjectValue } from '../../value.ts';

/** The checks of one kind beyond those of all metadata; objects are defaulted and prepared. */
export interface Validator {
  readonly create: (object: ObjectValue, context: WriteContext) => readonly FieldError[];
  readonly update: (object: ObjectValue, old: ObjectValue, context: WriteContext) => readonly FieldError[];
  readonly warnings?: (object: ObjectValue, old: ObjectValue | undefined, context: WriteContext) => readonly string[];
}
