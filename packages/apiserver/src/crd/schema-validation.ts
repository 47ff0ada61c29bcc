import type { Declaration } from '../cel/declaration.ts';
import { escapeName } from '../cel/declaration.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import { isObject } from '../value.ts';
import { child, index, key } from './field-path.ts';
import { validateListAndMapTypes } from './list-validation.ts';
import { childScope, validateRules, type RuleScope } from './rule-budget.ts';
import { validateRuleTexts } from './rule-text.ts';
import { parseSchema, valueSchema, type Schema } from './schema.ts';

/** What holds for a part of the schema because of where it stands. */
interface Place {
  readonly isRoot: boolean;
  /** Why defaults may not be set here. */
  readonly noDefaults: string | undefined;
  readonly insideMeta: boolean;
  /** The list above whose items cannot be told apart between two versions of an object. */
  readonly uncorrelated: string | undefined;
  /** Undefined where rules are not looked at. */
  readonly rules: RuleScope | undefined;
}

interface Found {
  readonly schema: FieldError[];
  readonly rules: FieldError[];
}

/** Checks what OpenAPI and Kubernetes' extensions may say; rules are compiled only where the rest is sound. */
export function validateSchema(schema: Schema, path: string, rules: RuleScope | undefined): readonly FieldError[] {
  const place: Place = { isRoot: true, noDefaults: undefined, insideMeta: false, uncorrelated: undefined, rules };
  const found = validateNode(schema, path, place);
  return [...found.schema, ...found.rules];
}

const typeFields: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

function validateNode(schema: Schema, path: string, place: Place): Found {
  const errors: FieldError[] = [...keywordErrors(schema, path, place)];
  const ruleErrors: FieldError[] = [];
  for (const [part, at, within] of children(schema, path, place)) {
    const found = validateNode(part, at, within);
    errors.push(...found.schema);
    ruleErrors.push(...found.rules);
  }
  if (schema.preserveUnknownFields === false)
    errors.push(
      fieldErrors.invalid(child(path, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'),
    );
  errors.push(...validateListAndMapTypes(schema, path), ...validateRuleTexts(schema, path));
  if (errors.length === 0 && place.rules)
    ruleErrors.push(...validateRules(schema, path, place.rules, place.uncorrelated));
  return { schema: errors, rules: ruleErrors };
}

const types: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Keywords of OpenAPI that no definition may use. */
const unsupported: readonly string[] = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
];

function keywordErrors(schema: Schema, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (name: string, detail: string): number =>
    errors.push(fieldErrors.forbidden(child(path, name), detail));
  if (schema.type !== '' && !types.includes(schema.type))
    errors.push(fieldErrors.notSupported(child(path, 'type'), schema.type, types));
  if (schema.default !== undefined && place.noDefaults !== undefined)
    forbid('default', `must not be set ${place.noDefaults}`);
  for (const name of unsupported) if (isGiven(schema.raw[name])) forbid(name, `${name} is not supported`);
  if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
  if (schema.itemsList.length > 0) forbid('items', 'items must be a schema object and not an array');
  if (place.insideMeta && schema.embeddedResource)
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  if (schema.uniqueItems)
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  const { additionalProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== true && schema.properties.size > 0)
    forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive');
  return errors;
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

type Child = readonly [schema: Schema, path: string, place: Place];

function* children(schema: Schema, path: string, place: Place): Generator<Child> {
  const values = valueSchema(schema);
  if (values) yield [values, child(path, 'additionalProperties'), valuePlace(schema, values, place)];
  for (const [name, property] of schema.properties)
    yield [property, key(child(path, 'properties'), name), propertyPlace(schema, name, property, path, place)];
  const nested: Place = { ...place, isRoot: false, rules: undefined };
  if (schema.not) yield [schema.not, child(path, 'not'), nested];
  for (const name of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [position, part] of schema[name].entries()) yield [part, index(child(path, name), position), nested];
  for (const [name, definition] of Object.entries(objectOf(schema.raw['definitions'])))
    yield [parseSchema(definition), key(child(path, 'definitions'), name), nested];
  yield* itemChildren(schema, path, place);
}

const objectOf = (value: Schema['raw'][string] | undefined): Schema['raw'] => (isObject(value) ? value : {});

function* itemChildren(schema: Schema, path: string, place: Place): Generator<Child> {
  const uncorrelated = schema.listType === 'map' ? place.uncorrelated : (place.uncorrelated ?? path);
  const at = child(path, 'items');
  const within = (items: Schema): Place => ({
    ...place,
    isRoot: false,
    uncorrelated,
    rules: place.rules && childScope(place.rules, schema, items, place.rules.declared?.element),
  });
  if (schema.items) yield [schema.items, at, within(schema.items)];
  for (const [position, items] of schema.itemsList.entries()) yield [items, index(at, position), within(items)];
}

function valuePlace(schema: Schema, values: Schema, place: Place): Place {
  const inMeta = 'inside additionalProperties applying to object metadata';
  return {
    ...place,
    isRoot: false,
    noDefaults: place.insideMeta ? inMeta : place.noDefaults,
    rules: place.rules && childScope(place.rules, schema, values, place.rules.declared?.element),
  };
}

function propertyPlace(schema: Schema, name: string, property: Schema, path: string, place: Place): Place {
  const uncorrelated =
    schema.mapType === undefined || schema.mapType === 'granular' || schema.mapType === 'atomic'
      ? place.uncorrelated
      : (place.uncorrelated ?? path);
  const isMeta = (place.isRoot || schema.embeddedResource) && typeFields.has(name);
  return {
    isRoot: false,
    uncorrelated,
    insideMeta: place.insideMeta || isMeta,
    noDefaults: isMeta && place.isRoot ? `in top-level ${name}` : place.noDefaults,
    rules: place.rules && childScope(place.rules, schema, property, declaredField(place.rules.declared, name)),
  };
}

function declaredField(declared: Declaration | undefined, name: string): Declaration | undefined {
  const escaped = escapeName(name);
  return escaped === undefined ? undefined : declared?.fields?.get(escaped)?.type;
}
