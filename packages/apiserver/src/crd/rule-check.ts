import { toCel } from '../cel/json-value.ts';
import type { Declaration } from '../cel/declaration.ts';
import type { Program } from '../cel/program.ts';
import { perCallLimit } from '../cel/program.ts';
import { Failure, Optional, type CelValue } from '../cel/value.ts';
import type { FieldError } from '../field-error.ts';
import { isObject, type Value } from '../value.ts';
import { oldListMapItem, type Correlation } from './correlation.ts';
import { child, index, key, shown } from './field-path.ts';
import { compileRules, type RuleProgram } from './rule-program.ts';
import { declarationOf } from './schema-declaration.ts';
import { shownValue } from './schema-errors.ts';
import { valueSchema, type Schema } from './schema.ts';

/** What all rules of one object may cost together (apiserver, pkg/apis/cel). */
const objectBudget = 10_000_000;

const longestMessage = 5 * 1024;

/** What one run of all rules found. */
interface RuleResult {
  readonly errors: FieldError[];
  /** Errors that were there before: told as warnings. */
  readonly tolerated: FieldError[];
}

interface Run extends RuleResult {
  budget: number;
}

/** Which old values errors are measured against (KEP-4008). */
interface Ratchet {
  readonly current: Correlation | undefined;
  readonly parent: Correlation | undefined;
}

type Check = (value: Value, old: Value | undefined, path: string, ratchet: Ratchet, run: Run) => void;

/** Runs the rules of an object; `old` is absent on create, `correlation` where nothing is tolerated. */
export type RuleCheck = (value: Value, old: Value | undefined, path: string, correlation?: Correlation) => RuleResult;

/** Compiles all rules of a schema; undefined if it has none. */
export function compileRuleCheck(schema: Schema, isResource: boolean): RuleCheck | undefined {
  const check = compileNode(schema, declarationOf(schema, isResource));
  if (!check) return undefined;
  return (value, old, path, correlation) => {
    const run: Run = { errors: [], tolerated: [], budget: objectBudget };
    check(value, old, path, { current: correlation, parent: undefined }, run);
    return run;
  };
}

function compileNode(schema: Schema, declared: Declaration | undefined): Check | undefined {
  if (declared === undefined) return undefined;
  const rules = schema.rules.length > 0 ? compileRules(schema, declared) : [];
  const items = schema.items && compileNode(schema.items, declared.element);
  const values = valueSchema(schema);
  const additional = values && compileNode(values, declared.element);
  const properties = compileProperties(schema, declared);
  if (rules.length === 0 && !items && !additional && properties.size === 0) return undefined;
  return (value, old, path, ratchet, run) => {
    if (value === null || run.budget < 0) return;
    checkRules(rules, { schema, declared, value, old: old ?? null, path, ratchet }, run);
    if (Array.isArray(value)) {
      if (!items) return;
      for (const [position, item] of value.entries()) {
        const before = Array.isArray(old) ? oldListMapItem(schema, old, item) : undefined;
        items(item, before, index(path, position), itemRatchet(ratchet, position), run);
      }
    } else if (isObject(value))
      for (const name of Object.keys(value).sort()) {
        const declaredField = schema.properties.has(name);
        const check = declaredField ? properties.get(name) : additional;
        const at = declaredField ? child(path, name) : key(path, name);
        check?.(value[name] ?? null, isObject(old) ? old[name] : undefined, at, fieldRatchet(ratchet, name), run);
      }
  };
}

function compileProperties(schema: Schema, declared: Declaration): ReadonlyMap<string, Check> {
  const properties = new Map<string, Check>();
  const types = new Map([...(declared.fields?.values() ?? [])].map((field) => [field.name, field.type]));
  for (const [name, property] of schema.properties) {
    const type = types.get(name) ?? declarationOf(property, property.embeddedResource);
    const check = compileNode(property, type);
    if (check) properties.set(name, check);
  }
  return properties;
}

function fieldRatchet(ratchet: Ratchet, name: string): Ratchet {
  if (ratchet.current === undefined) return ratchet;
  if (ratchet.parent === undefined && (name === 'apiVersion' || name === 'kind'))
    return { current: undefined, parent: undefined };
  return { current: ratchet.current.field(name), parent: ratchet.current };
}

function itemRatchet(ratchet: Ratchet, position: number): Ratchet {
  if (ratchet.current === undefined) return ratchet;
  return { current: ratchet.current.item(position), parent: ratchet.current };
}

interface Place {
  readonly schema: Schema;
  readonly declared: Declaration;
  readonly value: Value;
  readonly old: Value;
  readonly path: string;
  readonly ratchet: Ratchet;
}

function typeError(place: Place, detail: string): FieldError {
  const { schema, path } = place;
  return {
    type: 'FieldValueInvalid',
    field: shown(path),
    message: `Invalid value: ${JSON.stringify(schema.type)}: ${detail}`,
  };
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

function checkRules(rules: readonly RuleProgram[], place: Place, run: Run): void {
  if (rules.length === 0) return;
  if (run.budget <= 0) {
    run.errors.push(typeError(place, outOfBudget));
    run.budget = -1;
    return;
  }
  const self = toCel(place.value, place.declared);
  const old = place.old === null ? undefined : toCel(place.old, place.declared);
  for (const rule of rules) {
    checkRule(rule, self, old, place, run);
    if (run.budget < 0) return;
  }
}

function checkRule(rule: RuleProgram, self: CelValue, old: CelValue | undefined, place: Place, run: Run): void {
  const { program, spec } = rule;
  if (rule.error !== undefined) run.errors.push(typeError(place, `rule compile error: ${rule.error}`));
  if (program === undefined) return;
  const optional = spec.optionalOldSelf === true;
  if (rule.usesOldSelf && old === undefined && !optional) return;
  const variables: Record<string, CelValue> = { self };
  if (rule.usesOldSelf || rule.message) variables['oldSelf'] = optional ? new Optional(old) : (old ?? null);
  const value = evaluate(program, variables, rule, place, run);
  if (value !== false) return;
  const unchanged = place.ratchet.current ?? place.ratchet.parent;
  const error = ruleError(rule, place, messageOf(rule, variables, run));
  if (!rule.usesOldSelf && unchanged?.unchanged === true) run.tolerated.push(error);
  else run.errors.push(error);
}

const ruleText = ({ message, rule }: RuleProgram['spec']): string => (message === '' ? rule : message).trim();

/** True, false, or undefined if it failed (which is told). */
function evaluate(
  program: Program,
  variables: Readonly<Record<string, CelValue>>,
  { spec }: RuleProgram,
  place: Place,
  run: Run,
): boolean | undefined {
  const { value, cost } = program.evaluate(variables, perCallLimit);
  if (cost > run.budget) {
    run.errors.push(typeError(place, outOfBudget));
    run.budget = -1;
    return undefined;
  }
  run.budget -= cost;
  if (!(value instanceof Failure)) return value === true;
  if (value.fatal) {
    const detail = `'${value.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(spec)}`;
    run.errors.push(typeError(place, detail));
    run.budget = -1;
  } else if (value.message.startsWith('no such overload')) {
    const detail = `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(spec)}`;
    run.errors.push(typeError(place, detail));
  } else run.errors.push(typeError(place, `${value.message} evaluating rule: ${ruleText(spec)}`));
  return undefined;
}

/** What messageExpression gives, if it is fit to print; else the message, else the rule. */
function messageOf(rule: RuleProgram, variables: Readonly<Record<string, CelValue>>, run: Run): string {
  const fallback = rule.spec.message === '' ? `failed rule: ${ruleText(rule.spec)}` : rule.spec.message.trim();
  if (!rule.message) return fallback;
  const { value, cost } = rule.message.program.evaluate(variables, perCallLimit);
  run.budget -= cost;
  const text = typeof value === 'string' ? value.trim() : '';
  const unfit = text === '' || text.includes('\n') || Buffer.byteLength(text) > longestMessage;
  return unfit ? fallback : text;
}

function ruleError({ spec, fieldPath }: RuleProgram, place: Place, detail: string): FieldError {
  const field = shown(fieldPath === '' ? place.path : child(place.path, fieldPath));
  const omitted = place.schema.type === 'object' || place.schema.type === 'array';
  const value = omitted ? '' : `: ${shownValue(place.value)}`;
  switch (spec.reason) {
    case 'FieldValueForbidden':
      return { type: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
    case 'FieldValueRequired':
      return { type: 'FieldValueRequired', field, message: `Required value: ${detail}` };
    case 'FieldValueDuplicate':
      return { type: 'FieldValueDuplicate', field, message: `Duplicate value${value}` };
    default:
      return { type: 'FieldValueInvalid', field, message: `Invalid value${value}: ${detail}` };
  }
}
