import { fieldErrors, type FieldError } from '../field-error.ts';
import { validateDefaults } from './default-validation.ts';
import { child } from './field-path.ts';
import { rootScope, type RuleScope } from './rule-budget.ts';
import { validateSchema } from './schema-validation.ts';
import { schemaStruct } from './schema-struct.ts';
import { schemaNodes, type Schema } from './schema.ts';
import type { Value } from '../value.ts';
import { validateStructural } from './structural.ts';

/** Keywords that the root may have beside a status subresource, which is validated apart from it. */
const rootKeywords: ReadonlySet<string> = new Set(
  'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'.split(
    ' ',
  ),
);

const rootFieldNames =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';

/** Of these, false says something. */
const tristate: ReadonlySet<string> = new Set(['additionalProperties', 'additionalItems']);

const isGiven = (keyword: string, value: Value | undefined): boolean =>
  value !== null && value !== '' && (value !== false || tristate.has(keyword));

function validateRoot(schema: Schema, at: string): FieldError[] {
  if (schema.type !== 'object' && schema.type !== '')
    return [
      fieldErrors.invalid(
        child(at, 'type'),
        schema.type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  const given = Object.keys(schema.raw).filter((keyword) => isGiven(keyword, schema.raw[keyword]));
  return given.every((keyword) => rootKeywords.has(keyword))
    ? []
    : [
        fieldErrors.invalid(
          at,
          schemaStruct(schema.raw),
          `only [${rootFieldNames}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ];
}

/** Checks a version's whole schema; `status` tells whether status is a subresource. */
export function validateVersionSchema(schema: Schema, status: boolean, path: string): readonly FieldError[] {
  const at = child(path, 'openAPIV3Schema');
  const errors = status ? validateRoot(schema, at) : [];
  if (schema.nullable) errors.push(fieldErrors.forbidden(child(at, 'nullable'), 'nullable cannot be true at the root'));
  let scope: RuleScope | undefined;
  const readable = isStructurallyReadable(schema);
  if (readable) {
    const structural = validateStructural(at, schema);
    const defaults = structural.length > 0 ? [] : validateDefaults(schema, at);
    errors.push(...structural, ...defaults);
    if (structural.length === 0 && defaults.length === 0) scope = rootScope(schema);
  }
  errors.push(...validateSchema(schema, at, scope));
  // Of all keywords that are not supported, only this one is not told by itself.
  if (!readable && errors.length === 0)
    errors.push(fieldErrors.invalid(at, '', "OpenAPIV3Schema 'schema' is not supported"));
  return [...errors, ...(scope?.budget.errors(at) ?? [])];
}

/** Keywords that cannot even be read into a structural schema are told by themselves. */
function isStructurallyReadable(schema: Schema): boolean {
  for (const { raw, itemsList, preserveUnknownFields } of schemaNodes(schema)) {
    const unsupported = [
      'id',
      '$schema',
      '$ref',
      'patternProperties',
      'dependencies',
      'additionalItems',
      'definitions',
    ];
    if (itemsList.length > 0 || preserveUnknownFields === false) return false;
    if (unsupported.some((keyword) => raw[keyword] !== undefined && raw[keyword] !== null)) return false;
  }
  return true;
}
