import type { FieldError } from '../field-error.ts';
import { isObject, type ObjectValue } from '../value.ts';
import { Correlation } from './correlation.ts';
import { compileDefaulter, compileNullDropper, type Defaulter } from './defaulting.ts';
import { compileUniqueness } from './list-types.ts';
import { coerceEmbedded, hasEmbedded, validateEmbedded } from './object-meta.ts';
import { prune } from './pruning.ts';
import { compileRuleCheck } from './rule-check.ts';
import { parseSchema, type Schema } from './schema.ts';
import { compileValidator } from './value-validation.ts';

/** What validation found; tolerated errors were there before and become warnings. */
export interface Findings {
  readonly errors: readonly FieldError[];
  readonly tolerated: readonly FieldError[];
}

/** A structural schema, compiled once for all objects of one version. */
export interface CompiledSchema {
  readonly schema: Schema;
  readonly applyDefaults: Defaulter;
  /** Drops what is not declared, in place; gives the names of what was dropped, or why the object cannot be read. */
  coerce(object: ObjectValue): { readonly unknown: readonly string[]; readonly problem?: string };
  /** The same without asking what was dropped. */
  prune(object: ObjectValue): void;
  validate(object: ObjectValue): Findings;
  /** `onlyStatus`: a write to the status subresource, whose errors name paths from there. */
  validateUpdate(object: ObjectValue, old: ObjectValue, onlyStatus: boolean): Findings;
}

/** Errors after which rules would only say what is already told. */
const blocking: ReadonlySet<FieldError['type']> = new Set<FieldError['type']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const unchecked: FieldError = {
  type: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** Compiles a version's schema. Rules and validators are made when they are first needed. */
export function compileSchema(raw: ObjectValue): CompiledSchema {
  const schema = parseSchema(raw);
  const embedded = hasEmbedded(schema);
  const uniqueness = compileUniqueness(schema);
  const validator = once(() => compileValidator(schema));
  const statusValidator = once(() => compileValidator(schema.properties.get('status') ?? parseSchema({})));
  const rules = once(() => compileRuleCheck(schema, true));
  const duplicates = (object: ObjectValue): FieldError[] => {
    const errors: FieldError[] = [];
    uniqueness?.(object, '', errors);
    return errors;
  };
  const checkRules = (
    errors: readonly FieldError[],
    object: ObjectValue,
    old?: ObjectValue,
    correlation?: Correlation,
  ): Findings => {
    const check = rules();
    if (!check) return { errors, tolerated: [] };
    if (errors.some(({ type }) => blocking.has(type))) return { errors: [...errors, unchecked], tolerated: [] };
    const found = check(object, old, '', correlation);
    return { errors: [...errors, ...found.errors], tolerated: found.tolerated };
  };
  const dropNulls = compileNullDropper(schema);
  return {
    schema,
    applyDefaults: compileDefaulter(schema),
    prune: (object) => {
      if (embedded) coerceEmbedded(object, schema, () => {});
      prune(object, schema, true);
      dropNulls(object);
    },
    coerce(object) {
      const metadata: string[] = [];
      const problem = embedded ? coerceEmbedded(object, schema, (text) => metadata.push(text)) : undefined;
      if (problem !== undefined) return { unknown: [], problem };
      const dropped: string[] = [];
      prune(object, schema, true, (path) => dropped.push(path));
      dropNulls(object);
      return { unknown: [...dropped.sort().map((path) => `unknown field ${JSON.stringify(path)}`), ...metadata] };
    },
    validate(object) {
      const errors = [...validator()(object, ''), ...validateEmbeddedIn(object), ...duplicates(object)];
      return checkRules(errors, object);
    },
    validateUpdate(object, old, onlyStatus) {
      const correlation = new Correlation(schema, object, old);
      const errors = [
        ...(onlyStatus ? statusErrors(object, correlation) : validator()(object, '', correlation)),
        ...validateEmbeddedIn(object),
        ...(duplicates(old).length > 0 ? [] : duplicates(object)),
      ];
      return checkRules(errors, object, old, correlation);
    },
  };

  function validateEmbeddedIn(object: ObjectValue): readonly FieldError[] {
    return embedded ? validateEmbedded(object, schema, '', false) : [];
  }

  function statusErrors(object: ObjectValue, correlation: Correlation): readonly FieldError[] {
    const { status } = object;
    if (status === undefined || !schema.properties.has('status')) return [];
    return statusValidator()(status, 'status', isObject(status) ? correlation.field('status') : undefined);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
