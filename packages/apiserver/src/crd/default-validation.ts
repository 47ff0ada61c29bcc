import { fieldErrors, type FieldError } from '../field-error.ts';
import type { Value } from '../value.ts';
import { child, key } from './field-path.ts';
import { deepCopy, deepEqual } from './deep-equal.ts';
import { validateEmbedded } from './object-meta.ts';
import { prune } from './pruning.ts';
import { compileRuleCheck } from './rule-check.ts';
import type { Schema } from './schema.ts';
import { compileValidator } from './value-validation.ts';

/** Checks that every default is what its own schema takes: pruned, valid, and within its rules. */
export function validateDefaults(schema: Schema, path: string): readonly FieldError[] {
  return validateNode(schema, path, true, false);
}

const typeFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

function validateNode(schema: Schema, path: string, isResource: boolean, insideMeta: boolean): FieldError[] {
  const inMeta = insideMeta && !schema.embeddedResource;
  const errors: FieldError[] = [];
  if (schema.default !== undefined)
    errors.push(...validateDefault(schema, schema.default, child(path, 'default'), inMeta));
  // Defaults inside additionalProperties are never filled in, so nobody looks at them.
  if (schema.items) errors.push(...validateNode(schema.items, child(path, 'items'), false, inMeta));
  for (const [name, property] of schema.properties) {
    const isMeta = (isResource || schema.embeddedResource) && typeFields.has(name);
    errors.push(...validateNode(property, key(child(path, 'properties'), name), false, inMeta || isMeta));
  }
  return errors;
}

function validateDefault(schema: Schema, value: Value, path: string, inMeta: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!inMeta) {
    const pruned = deepCopy(value);
    prune(pruned, schema, schema.embeddedResource);
    if (!deepEqual(pruned, value)) errors.push(fieldErrors.invalid(path, value, 'must not have unknown fields'));
    const embedded = validateEmbedded(value, schema, path, schema.embeddedResource);
    if (embedded.length > 0) return [...errors, ...embedded];
  }
  const invalid = compileValidator(schema, true)(value, path);
  if (invalid.length > 0) return [...errors, ...invalid];
  const rules = compileRuleCheck(schema, schema.embeddedResource);
  if (!rules) return errors;
  const unchanged = rules(value, value, path).errors;
  return [...errors, ...(unchanged.length > 0 ? unchanged : rules(value, undefined, path).errors)];
}
