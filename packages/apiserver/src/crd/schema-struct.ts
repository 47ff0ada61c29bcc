import { isObject, type Value } from '../value.ts';
import { listOf } from './definition-spec.ts';

/** How a field of a Go struct is printed: as it is, else what stands for its absence. */
type Printed = (value: Value | undefined) => unknown;

const text: Printed = (value) => value ?? '';
const flag: Printed = (value) => value ?? false;
const orNull: Printed = (value) => value ?? null;
const schema: Printed = (value) => (isObject(value) ? schemaStruct(value) : null);
const schemas: Printed = (value) => (Array.isArray(value) ? value.map(schemaStruct) : null);
const schemaMap: Printed = (value) =>
  isObject(value)
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((name) => [name, schemaStruct(value[name] ?? {})]),
      )
    : null;
const schemaOrList: Printed = (value) =>
  value === undefined || value === null
    ? null
    : { Schema: Array.isArray(value) ? null : schema(value), JSONSchemas: schemas(value) };
const schemaOrFlag: Printed = (value) =>
  value === undefined || value === null ? null : { Allows: value !== false, Schema: schema(value) };
const documentation: Printed = (value) =>
  isObject(value) ? { Description: text(value['description']), URL: text(value['url']) } : null;
const rules: Printed = (value) => (Array.isArray(value) ? listOf(value).map(ruleStruct) : null);

/** The fields of Go's JSONSchemaProps in order, with the keywords they come from. */
const fields: readonly (readonly [string, string, Printed])[] = [
  ['ID', 'id', text],
  ['Schema', '$schema', text],
  ['Ref', '$ref', orNull],
  ['Description', 'description', text],
  ['Type', 'type', text],
  ['Nullable', 'nullable', flag],
  ['Format', 'format', text],
  ['Title', 'title', text],
  ['Default', 'default', orNull],
  ['Maximum', 'maximum', orNull],
  ['ExclusiveMaximum', 'exclusiveMaximum', flag],
  ['Minimum', 'minimum', orNull],
  ['ExclusiveMinimum', 'exclusiveMinimum', flag],
  ['MaxLength', 'maxLength', orNull],
  ['MinLength', 'minLength', orNull],
  ['Pattern', 'pattern', text],
  ['MaxItems', 'maxItems', orNull],
  ['MinItems', 'minItems', orNull],
  ['UniqueItems', 'uniqueItems', flag],
  ['MultipleOf', 'multipleOf', orNull],
  ['Enum', 'enum', orNull],
  ['MaxProperties', 'maxProperties', orNull],
  ['MinProperties', 'minProperties', orNull],
  ['Required', 'required', orNull],
  ['Items', 'items', schemaOrList],
  ['AllOf', 'allOf', schemas],
  ['OneOf', 'oneOf', schemas],
  ['AnyOf', 'anyOf', schemas],
  ['Not', 'not', schema],
  ['Properties', 'properties', schemaMap],
  ['AdditionalProperties', 'additionalProperties', schemaOrFlag],
  ['PatternProperties', 'patternProperties', schemaMap],
  ['Dependencies', 'dependencies', orNull],
  ['AdditionalItems', 'additionalItems', schemaOrFlag],
  ['Definitions', 'definitions', schemaMap],
  ['ExternalDocs', 'externalDocs', documentation],
  ['Example', 'example', orNull],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', orNull],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', flag],
  ['XIntOrString', 'x-kubernetes-int-or-string', flag],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', orNull],
  ['XListType', 'x-kubernetes-list-type', orNull],
  ['XMapType', 'x-kubernetes-map-type', orNull],
  ['XValidations', 'x-kubernetes-validations', rules],
];

const ruleFields: readonly (readonly [string, string, Printed])[] = [
  ['Rule', 'rule', text],
  ['Message', 'message', text],
  ['MessageExpression', 'messageExpression', text],
  ['Reason', 'reason', orNull],
  ['FieldPath', 'fieldPath', text],
  ['OptionalOldSelf', 'optionalOldSelf', orNull],
];

function struct(from: Value, layout: typeof fields): unknown {
  const raw = isObject(from) ? from : {};
  return Object.fromEntries(layout.map(([name, keyword, printed]) => [name, printed(raw[keyword])]));
}

const ruleStruct = (rule: Value): unknown => struct(rule, ruleFields);

/** A schema as Go prints its struct, which is how errors quote it. */
export function schemaStruct(raw: Value): unknown {
  return struct(raw, fields);
}
