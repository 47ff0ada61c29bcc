import { RE2JS } from 're2js';
import type { FieldError } from '../field-error.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import type { Correlation } from './correlation.ts';
import { deepEqual } from './deep-equal.ts';
import { isKnownFormat, stringFormat } from './formats.ts';
import { checkNumber, hasNumberKeywords } from './number-validation.ts';
import { isInteger } from '../cel/number-text.ts';
import {
  enumError,
  invalidValue,
  looseError,
  requiredError,
  tooLong,
  tooMany,
  typeError,
  type ErrorPlace,
  type SchemaResult,
} from './schema-errors.ts';
import { valueSchema, type Schema } from './schema.ts';

/** One compiled check; adds what it finds to `result`. */
type Check = (value: Value, path: string, result: SchemaResult, run: Run) => void;

/** What stays the same during one validation. */
type Run = ErrorPlace;

type NodeCheck = (value: Value, path: string, run: Run, correlation: Correlation | undefined) => SchemaResult;

/**
 * Validates a value against its schema in the words of go-openapi. With a correlation to the old value, errors of what
 * did not change are tolerated.
 */
export type ValueValidator = (value: Value, prefix: string, correlation?: Correlation) => readonly FieldError[];

/**
 * Compiles a schema into closures, once for all values. Defaults are taken `loosely`: there x-kubernetes-int-or-string
 * alone does not restrict the type, as on the real server.
 */
export function compileValidator(schema: Schema, loosely = false): ValueValidator {
  const check = compileNode(schema, loosely);
  return (value, prefix, correlation) => check(value, '', { prefix }, correlation).errors.map(({ error }) => error);
}

function add(result: SchemaResult, { errors, matches }: SchemaResult): void {
  result.matches += matches;
  for (const error of errors) if (!result.errors.some(({ text }) => text === error.text)) result.errors.push(error);
}

const nothing: Check = () => {};
const empty = (): SchemaResult => ({ errors: [], matches: 0 });

function compileNode(schema: Schema, loosely: boolean): NodeCheck {
  const checkType = compileType(schema, loosely);
  const common = compileEnum(schema);
  const scalars: readonly Check[] = [
    checkType,
    compileCombinations(schema, loosely),
    compileText(schema),
    compileNumber(schema),
  ].filter((check) => check !== nothing);
  const list = compileList(schema, loosely);
  const object = compileObject(schema, loosely);
  const validate: NodeCheck = (value, path, run, correlation) => {
    const result = empty();
    if (value === null) {
      checkType(value, path, result, run);
      common(value, path, result, run);
      return result;
    }
    for (const check of scalars) check(value, path, result, run);
    if (Array.isArray(value)) add(result, list(value, path, run, correlation));
    common(value, path, result, run);
    result.matches += 2;
    if (isObject(value)) add(result, object(value, path, run, correlation));
    return result;
  };
  return (value, path, run, correlation) => {
    const result = validate(value, path, run, correlation);
    if (result.errors.length > 0 && correlation?.unchanged === true) return { errors: [], matches: result.matches };
    return result;
  };
}

/** The JSON type of a value, as error texts name it. */
function typeName(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  return isInteger(value) ? 'integer' : 'number';
}

/** What go-openapi takes for the format of a number. */
const numberFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'double' };

function compileType(schema: Schema, loosely: boolean): Check {
  const { nullable } = schema;
  const type = schema.intOrString && !loosely ? 'integer,string' : schema.type;
  const format = isKnownFormat(schema.type, schema.format) ? schema.format : '';
  if (type === '' && format === '') return nothing;
  const types = type.split(',');
  const textFormat = format !== '' && type !== 'integer' && type !== 'number';
  return (value, path, result, run) => {
    const actual = typeName(value);
    if (value === null) {
      if (type === '' || nullable) result.matches += 1;
      else result.errors.push(typeError(run, path, type, actual));
      return;
    }
    result.matches += 1;
    // Texts with a format of their own are the format's business (go-openapi leaves their type unchecked).
    const fits =
      types.includes(actual) || (type === 'number' && actual === 'integer') || (textFormat && actual === 'array');
    if (fits || (type === '' && actual === 'string')) result.matches += 1;
    else if (format !== '' && actual !== 'string' && actual !== 'array')
      result.errors.push(typeError(run, path, format, numberFormats[actual] ?? ''));
    else if (type !== '') result.errors.push(typeError(run, path, type, actual));
  };
}

function compileEnum(schema: Schema): Check {
  if (schema.enum.length === 0) return nothing;
  const allowed = schema.enum.filter((item) => item !== null);
  return (value, path, result, run) => {
    if (allowed.some((item) => deepEqual(item, value))) return;
    add(result, { errors: [enumError(run, path, value, schema.enum)], matches: 0 });
  };
}

function compileText(schema: Schema): Check {
  const { minLength, maxLength, pattern } = schema;
  const format = isKnownFormat(schema.type, schema.format) ? stringFormat(schema.format) : undefined;
  const expression = pattern === '' ? undefined : compiledPattern(pattern);
  const checkText = (text: string, path: string, run: Run): SchemaResult['errors'] => {
    const length = minLength !== undefined || maxLength !== undefined ? codePoints(text) : 0;
    if (maxLength !== undefined && length > maxLength) return [tooLong(run, path, maxLength)];
    if (minLength !== undefined && length < minLength)
      return [invalidValue(run, path, text, `should be at least ${minLength} chars long`)];
    if (expression !== undefined && !expression.test(text))
      return [invalidValue(run, path, text, `should match '${pattern}'`)];
    return [];
  };
  return (value, path, result, run) => {
    if (typeof value !== 'string') return;
    result.matches += format === undefined ? 1 : 2;
    result.errors.push(...checkText(value, path, run));
    if (format?.(value) === false) result.errors.push(typeError(run, path, schema.format, value));
  };
}

function compiledPattern(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

/** Length in Unicode code points, as every length in a schema counts. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function compileNumber(schema: Schema): Check {
  if (!hasNumberKeywords(schema)) return nothing;
  return (value, path, result, run) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') return;
    add(result, { errors: checkNumber(schema, value, path, run), matches: 2 });
  };
}

function compileList(
  schema: Schema,
  loosely: boolean,
): (value: readonly Value[], path: string, run: Run, correlation: Correlation | undefined) => SchemaResult {
  const items = schema.items && compileNode(schema.items, loosely);
  const { minItems, maxItems } = schema;
  return (value, path, run, correlation) => {
    const result: SchemaResult = { errors: [], matches: 2 };
    if (items)
      for (const [position, item] of value.entries())
        add(result, items(item, `${path}[${position}]`, run, correlation?.item(position)));
    if (minItems !== undefined && value.length < minItems)
      result.errors.push(invalidValue(run, path, value.length, `should have at least ${minItems} items`));
    if (maxItems !== undefined && value.length > maxItems)
      result.errors.push(tooMany(run, path, value.length, maxItems, 'items'));
    return result;
  };
}

type ObjectCheck = (value: ObjectValue, path: string, run: Run, correlation: Correlation | undefined) => SchemaResult;

function compileObject(schema: Schema, loosely: boolean): ObjectCheck {
  const properties = [...schema.properties].map(([name, property]) => [name, compileNode(property, loosely)] as const);
  const checkSize = compileSize(schema);
  const checkOthers = compileOthers(schema, loosely);
  return (value, path, run, correlation) => {
    const result: SchemaResult = { errors: [], matches: 1 };
    checkSize(value, path, result, run);
    checkOthers(value, path, result, run, correlation);
    for (const [name, check] of properties) {
      const field = value[name];
      if (field === undefined) continue;
      // apiVersion and kind of the object itself are never tolerated (KEP-4008).
      const typeMeta = path === '' && (name === 'kind' || name === 'apiVersion');
      add(
        result,
        check(field, path === '' ? name : `${path}.${name}`, run, typeMeta ? undefined : correlation?.field(name)),
      );
    }
    for (const name of schema.required)
      if (value[name] === undefined) result.errors.push(requiredError(run, `${path}.${name}`));
    return result;
  };
}

function compileSize({ minProperties, maxProperties }: Schema): Check {
  if (minProperties === undefined && maxProperties === undefined) return nothing;
  return (value, path, result, run) => {
    const count = isObject(value) ? Object.keys(value).length : 0;
    if (minProperties !== undefined && count < minProperties)
      result.errors.push(invalidValue(run, path, count, `should have at least ${minProperties} properties`));
    if (maxProperties !== undefined && count > maxProperties)
      result.errors.push(tooMany(run, path, count, maxProperties, 'properties'));
  };
}

/** Fields that are not declared by name. */
function compileOthers(
  schema: Schema,
  loosely: boolean,
): (value: ObjectValue, path: string, result: SchemaResult, run: Run, correlation: Correlation | undefined) => void {
  const values = valueSchema(schema);
  if (schema.additionalProperties === false)
    return (value, path, result, run) => {
      for (const name of Object.keys(value))
        if (!schema.properties.has(name))
          result.errors.push({
            text: `${path}.${name} in body is a forbidden property`,
            error: invalidValue(run, path, name, `.${name}`).error,
          });
    };
  if (!values) return () => {};
  const check = compileNode(values, loosely);
  return (value, path, result, run, correlation) => {
    for (const name of Object.keys(value))
      if (!schema.properties.has(name))
        add(result, check(value[name] ?? null, `${path}.${name}`, run, correlation?.field(name)));
  };
}

/** anyOf, oneOf, allOf and not. Nothing below them is correlated: they hold or fail as a whole. */
function compileCombinations(schema: Schema, loosely: boolean): Check {
  const anyOf = schema.anyOf.map((part) => compileNode(part, loosely));
  const oneOf = schema.oneOf.map((part) => compileNode(part, loosely));
  const allOf = schema.allOf.map((part) => compileNode(part, loosely));
  const not = schema.not && compileNode(schema.not, loosely);
  return (value, path, result, run) => {
    if (anyOf.length > 0) add(result, checkAnyOf(anyOf, value, path, run));
    if (oneOf.length > 0) add(result, checkOneOf(oneOf, value, path, run));
    if (allOf.length > 0) add(result, checkAllOf(allOf, value, path, run));
    if (not && not(value, path, run, undefined).errors.length === 0)
      add(result, { errors: [looseError(run, `"${path}" must not validate the schema (not)`)], matches: 0 });
    result.matches += 2;
  };
}

function checkAnyOf(checks: readonly NodeCheck[], value: Value, path: string, run: Run): SchemaResult {
  let best: SchemaResult | undefined;
  for (const check of checks) {
    const result = check(value, path, run, undefined);
    if (result.errors.length === 0) return result;
    if (best === undefined || result.matches > best.matches) best = result;
  }
  const result = { errors: [looseError(run, `"${path}" must validate at least one schema (anyOf)`)], matches: 0 };
  if (best) add(result, best);
  return result;
}

function checkOneOf(checks: readonly NodeCheck[], value: Value, path: string, run: Run): SchemaResult {
  const results = checks.map((check) => check(value, path, run, undefined));
  const valid = results.filter(({ errors }) => errors.length === 0);
  const [only] = valid;
  if (only && valid.length === 1) return only;
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
  const result = {
    errors: [looseError(run, `"${path}" must validate one and only one schema (oneOf). ${found}`)],
    matches: 0,
  };
  if (valid.length > 0) return result;
  const best = results.reduce((a, b) => (b.matches > a.matches ? b : a));
  add(result, best);
  return result;
}

function checkAllOf(checks: readonly NodeCheck[], value: Value, path: string, run: Run): SchemaResult {
  const results = checks.map((check) => check(value, path, run, undefined));
  const result = empty();
  for (const other of results) add(result, other);
  const valid = results.filter(({ errors }) => errors.length === 0).length;
  if (valid === results.length) return result;
  const none = valid === 0 ? '. None validated' : '';
  add(result, { errors: [looseError(run, `"${path}" must validate all the schemas (allOf)${none}`)], matches: 0 });
  return result;
}
