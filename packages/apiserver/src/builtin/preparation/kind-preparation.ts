import type { WriteContext } from '../../strategy.ts';
import type { ObjectValue } from '../../value.ts';

/** What one kind does beyond its rules before an object is validated; changes `object` in place. */
export interface KindPreparation {
  readonly create?: (object: ObjectValue, context: WriteContext) => void;
  /** Updates through the main resource. */
  readonly update?: (object: ObjectValue, old: ObjectValue, context: WriteContext) => void;
  /** Updates through subresources, by name; `status` runs after the kind's rules, others instead of them. */
  readonly subresources?: Readonly<
    Record<string, (object: ObjectValue, old: ObjectValue, context: WriteContext) => void>
  >;
  /** The status of a created object, where it is not empty. */
  readonly emptyStatus?: ObjectValue;
  /** Just before storing. */
  readonly canonicalize?: (object: ObjectValue) => void;
}
