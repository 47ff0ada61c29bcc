import type { FieldError } from './field-error.ts';
import type { UserInfo } from './request/user.ts';
import type { TypeSchema } from './type-schema.ts';
import type { ObjectValue } from './value.ts';

/** Who writes and when; what a strategy may know besides the objects. */
export interface WriteContext {
  readonly operation: 'create' | 'update';
  /** '' for the main resource, else 'status', 'scale' … */
  readonly subresource: string;
  /** Now, in milliseconds since the epoch. */
  readonly now: number;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** Warns at once, even if the write is refused in the end. */
  readonly warn?: (text: string) => void;
}

/**
 * What one kind adds to the generic registry, on its canonical JSON form. Pure but for changing the object handed in,
 * which the request owns. Built-in kinds are made from data and per-kind functions, custom resources from their CRD.
 */
export interface Strategy {
  /** Lists, keys and maps: what apply, managedFields and strategic merge need to know. */
  readonly schema: TypeSchema;
  /**
   * Drops what the kind does not declare, in place, right after decoding (custom resources only: built-in kinds do it
   * while decoding). Tells unknown fields as the strict decoder does, or why the object cannot be decoded at all.
   */
  coerce?(object: ObjectValue): { readonly unknown: readonly string[]; readonly problem?: string };
  /** Fills in defaults, in place, as decoding does on the real server: on every write and every patched object. */
  applyDefaults(object: ObjectValue): void;
  /** Before validation on create: drops what clients may not set (status), sets generation. */
  prepareForCreate(object: ObjectValue, context: WriteContext): void;
  /** Before validation on update: keeps what this (sub)resource may not change, bumps generation. */
  prepareForUpdate(object: ObjectValue, old: ObjectValue, context: WriteContext): void;
  validate(object: ObjectValue, context: WriteContext): readonly FieldError[];
  validateUpdate(object: ObjectValue, old: ObjectValue, context: WriteContext): readonly FieldError[];
  /** Texts for `Warning: 299` headers. */
  warnings?(object: ObjectValue, old: ObjectValue | undefined, context: WriteContext): readonly string[];
  /** After validation of everything, just before storing: canonical forms. */
  canonicalize?(object: ObjectValue): void;
  /** PUT to a name that does not exist creates it. */
  readonly allowCreateOnUpdate: boolean;
  /** PUT without resourceVersion is taken. */
  readonly allowUnconditionalUpdate: boolean;
}
