import type { TypeSchema } from '../type-schema.ts';
import type { ObjectValue } from '../value.ts';
import type { FieldSet } from './field-set.ts';

/** What field ownership needs to know of one version of a resource. */
export interface VersionedType {
  readonly schema: TypeSchema;
  /** Fields that requests of this kind cannot set; nobody owns them. */
  readonly reset: FieldSet;
}

/** A resource in all its versions; entries of managedFields may be of any. */
export interface Versions {
  /** Undefined for a version that does not exist (any more). */
  typeOf(apiVersion: string): VersionedType | undefined;
  /** Undefined if there is no such version. Neither form is changed. */
  convert(object: ObjectValue, from: string, to: string): ObjectValue | undefined;
}
