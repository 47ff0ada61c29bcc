import { isObject, type ObjectValue, type Value } from '../value.ts';

/** One rule of `x-kubernetes-validations`, as written. */
export interface RuleSpec {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression: string;
  readonly reason: string | undefined;
  readonly fieldPath: string;
  readonly optionalOldSelf: boolean | undefined;
}

/**
 * A node of an `openAPIV3Schema`, read once: absent texts are '', absent lists empty. The same form serves structural
 * nodes and the value validations nested below allOf, anyOf, oneOf and not.
 */
export interface Schema {
  readonly raw: ObjectValue;
  readonly type: string;
  readonly format: string;
  readonly nullable: boolean;
  /** A null default is no default. */
  readonly default: Value | undefined;
  readonly enum: readonly Value[];
  readonly pattern: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  readonly multipleOf: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly minProperties: number | undefined;
  readonly maxProperties: number | undefined;
  readonly uniqueItems: boolean;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Schema>;
  readonly hasProperties: boolean;
  readonly items: Schema | undefined;
  /** `items` given as a list, which no structural schema may have. */
  readonly itemsList: readonly Schema[];
  readonly additionalProperties: Schema | boolean | undefined;
  readonly allOf: readonly Schema[];
  readonly anyOf: readonly Schema[];
  readonly oneOf: readonly Schema[];
  readonly not: Schema | undefined;
  readonly preserveUnknownFields: boolean | undefined;
  readonly embeddedResource: boolean;
  readonly intOrString: boolean;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly mapType: string | undefined;
  readonly rules: readonly RuleSpec[];
}

/** The schema of values in a map: what additionalProperties says, if it says more than yes or no. */
export function valueSchema(schema: Schema): Schema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const optionalText = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const texts = (value: Value | undefined): string[] => list(value).filter((item) => typeof item === 'string');

function number(value: Value | undefined): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function boolean(value: Value | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function parseRule(value: Value): RuleSpec {
  const rule = isObject(value) ? value : {};
  return {
    rule: text(rule['rule']),
    message: text(rule['message']),
    messageExpression: text(rule['messageExpression']),
    reason: optionalText(rule['reason']),
    fieldPath: text(rule['fieldPath']),
    optionalOldSelf: boolean(rule['optionalOldSelf']),
  };
}

/** Names in order: what depends on it (messages, evaluation) must not depend on how a client wrote its schema. */
function parseProperties(value: Value | undefined): ReadonlyMap<string, Schema> {
  if (!isObject(value)) return new Map();
  const names = Object.keys(value).sort();
  return new Map(names.map((name) => [name, parseSchema(value[name] ?? {})]));
}

function parseAdditional(value: Value | undefined): Schema | boolean | undefined {
  return isObject(value) ? parseSchema(value) : boolean(value);
}

function numericKeywords(raw: ObjectValue): Pick<Schema, 'minimum' | 'maximum' | 'multipleOf'> & LengthKeywords {
  return {
    minimum: number(raw['minimum']),
    maximum: number(raw['maximum']),
    multipleOf: number(raw['multipleOf']),
    minLength: number(raw['minLength']),
    maxLength: number(raw['maxLength']),
    minItems: number(raw['minItems']),
    maxItems: number(raw['maxItems']),
    minProperties: number(raw['minProperties']),
    maxProperties: number(raw['maxProperties']),
  };
}

type LengthKeywords = Pick<
  Schema,
  'minLength' | 'maxLength' | 'minItems' | 'maxItems' | 'minProperties' | 'maxProperties'
>;

function extensions(
  raw: ObjectValue,
): Pick<
  Schema,
  'preserveUnknownFields' | 'embeddedResource' | 'intOrString' | 'listType' | 'listMapKeys' | 'mapType' | 'rules'
> {
  return {
    preserveUnknownFields: boolean(raw['x-kubernetes-preserve-unknown-fields']),
    embeddedResource: raw['x-kubernetes-embedded-resource'] === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true,
    listType: optionalText(raw['x-kubernetes-list-type']),
    listMapKeys: texts(raw['x-kubernetes-list-map-keys']),
    mapType: optionalText(raw['x-kubernetes-map-type']),
    rules: list(raw['x-kubernetes-validations']).map(parseRule),
  };
}

/** Reads a schema node and everything below it. */
export function parseSchema(value: Value): Schema {
  const raw = isObject(value) ? value : {};
  const schemas = (name: string): Schema[] => list(raw[name]).map(parseSchema);
  const { items, not } = raw;
  return {
    raw,
    type: text(raw['type']),
    format: text(raw['format']),
    nullable: raw['nullable'] === true,
    default: raw['default'] ?? undefined,
    enum: list(raw['enum']),
    pattern: text(raw['pattern']),
    exclusiveMinimum: raw['exclusiveMinimum'] === true,
    exclusiveMaximum: raw['exclusiveMaximum'] === true,
    uniqueItems: raw['uniqueItems'] === true,
    required: texts(raw['required']),
    properties: parseProperties(raw['properties']),
    hasProperties: isObject(raw['properties']) && Object.keys(raw['properties']).length > 0,
    items: isObject(items) ? parseSchema(items) : undefined,
    itemsList: Array.isArray(items) ? items.map(parseSchema) : [],
    additionalProperties: parseAdditional(raw['additionalProperties']),
    allOf: schemas('allOf'),
    anyOf: schemas('anyOf'),
    oneOf: schemas('oneOf'),
    not: isObject(not) ? parseSchema(not) : undefined,
    ...numericKeywords(raw),
    ...extensions(raw),
  };
}

/** All nodes of a schema, nested value validations included. */
export function* schemaNodes(schema: Schema): Generator<Schema> {
  yield schema;
  const values = valueSchema(schema);
  const below = [
    ...schema.properties.values(),
    ...(schema.items ? [schema.items] : []),
    ...(values ? [values] : []),
    ...schema.allOf,
    ...schema.anyOf,
    ...schema.oneOf,
    ...(schema.not ? [schema.not] : []),
  ];
  for (const child of below) yield* schemaNodes(child);
}
