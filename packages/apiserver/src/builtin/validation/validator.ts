import type { FieldError } from '../../field-error.ts';
import type { WriteContext } from '../../strategy.ts';
import type { ObjectValue } from '../../value.ts';
import { Problems } from './problems.ts';

/** The checks of one kind beyond those of all metadata; objects are defaulted and prepared. */
export interface Validator {
  readonly create: (object: ObjectValue, context: WriteContext) => readonly FieldError[];
  readonly update: (object: ObjectValue, old: ObjectValue, context: WriteContext) => readonly FieldError[];
  readonly warnings?: (object: ObjectValue, old: ObjectValue | undefined, context: WriteContext) => readonly string[];
}

type Create = (problems: Problems, object: ObjectValue, context: WriteContext) => void;
type Update = (problems: Problems, object: ObjectValue, old: ObjectValue, context: WriteContext) => void;

/** How a kind is checked, as functions that collect problems. */
export interface KindChecks {
  readonly create: Create;
  /** Updates through the main resource; default: what create checks. */
  readonly update?: Update;
  /** Updates through subresources, by name; those not listed are not checked. */
  readonly subresources?: Readonly<Record<string, Update>>;
  readonly warnings?: NonNullable<Validator['warnings']>;
}

/** Makes a validator of checks. */
export function validator({ create, update, subresources, warnings }: KindChecks): Validator {
  return {
    create(object, context) {
      const problems = new Problems();
      create(problems, object, context);
      return problems.errors;
    },
    update(object, old, context) {
      const problems = new Problems();
      if (context.subresource !== '') subresources?.[context.subresource]?.(problems, object, old, context);
      else if (update === undefined) create(problems, object, context);
      else update(problems, object, old, context);
      return problems.errors;
    },
    ...(warnings === undefined ? {} : { warnings }),
  };
}
