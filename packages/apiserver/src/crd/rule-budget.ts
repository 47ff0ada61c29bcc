import type { Declaration } from '../cel/declaration.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import { child, index } from './field-path.ts';
import { compileRules, type RuleProgram } from './rule-program.ts';
import { declarationOf, maxCardinality } from './schema-declaration.ts';
import type { RuleSpec, Schema } from './schema.ts';

/** The most that one rule may cost for all values it is run on, by estimate (apiextensions, validation.go). */
const ruleLimit = 10_000_000;
/** The most that all rules of a schema may cost. */
const schemaLimit = 100_000_000;

/** What the rules of one schema add up to. */
class RuleBudget {
  #total = 0;
  #dearest: { readonly path: string; readonly cost: number }[] = [];

  spend(path: string, cost: number): void {
    this.#total += cost;
    if (cost < schemaLimit / 100) return;
    this.#dearest = [...this.#dearest, { path, cost }].sort((a, b) => b.cost - a.cost).slice(0, 4);
  }

  /** Names the dearest rules if all together cost too much. */
  errors(path: string): readonly FieldError[] {
    if (this.#total <= schemaLimit) return [];
    const named = this.#dearest.map((rule) =>
      fieldErrors.forbidden(
        rule.path,
        'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
      ),
    );
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [...named, fieldErrors.forbidden(path, tooDear(what, this.#total, schemaLimit))];
  }
}

function tooDear(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** Where rules stand: how often their node can occur, and what the parent knows of its type. */
export interface RuleScope {
  /** Undefined where a parent has no limit. */
  readonly cardinality: number | undefined;
  readonly declared: Declaration | undefined;
  /** Some node at or above has rules, so that declarations are needed. */
  readonly active: boolean;
  readonly budget: RuleBudget;
}

/** The scope of a whole schema. */
export function rootScope(schema: Schema): RuleScope {
  const active = schema.rules.length > 0;
  return {
    cardinality: 1,
    declared: active ? declarationOf(schema, true) : undefined,
    active,
    budget: new RuleBudget(),
  };
}

/** How many children of each kind a node can have. */
function maxChildren(schema: Schema): number | undefined {
  if (schema.type === 'array') return schema.maxItems === undefined ? undefined : Math.max(0, schema.maxItems);
  if (schema.type !== 'object' || schema.additionalProperties === undefined) return 1;
  return schema.maxProperties === undefined ? undefined : Math.max(0, schema.maxProperties);
}

/** The scope of a child; `declared` is what the parent's declaration says of it. */
export function childScope(
  scope: RuleScope,
  parent: Schema,
  schema: Schema,
  declared: Declaration | undefined,
): RuleScope {
  const count = maxChildren(parent);
  const active = scope.active || schema.rules.length > 0;
  return {
    cardinality: scope.cardinality === undefined || count === undefined ? undefined : scope.cardinality * count,
    declared: active ? (declared ?? declarationOf(schema, schema.embeddedResource)) : undefined,
    active,
    budget: scope.budget,
  };
}

/** A rule as Go prints its struct, which is how errors quote it. */
function quoted(spec: RuleSpec): string {
  const struct = {
    Rule: spec.rule,
    Message: spec.message,
    MessageExpression: spec.messageExpression,
    Reason: spec.reason ?? null,
    FieldPath: spec.fieldPath,
    OptionalOldSelf: spec.optionalOldSelf ?? null,
  };
  return JSON.stringify(struct).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

const invalidRule = (path: string, spec: RuleSpec, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field: path,
  message: `Invalid value: ${quoted(spec)}: ${detail}`,
});

/** Compiles the rules of a node, weighs them, and says what is wrong with them. */
export function validateRules(
  schema: Schema,
  path: string,
  scope: RuleScope,
  uncorrelated: string | undefined,
): readonly FieldError[] {
  if (schema.rules.length === 0) return [];
  const at = child(path, 'x-kubernetes-validations');
  const { declared } = scope;
  if (declared === undefined)
    return [
      fieldErrors.internal(
        at,
        'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations',
      ),
    ];
  const occurrences = scope.cardinality ?? maxCardinality(declared);
  return compileRules(schema, declared).flatMap((rule, position) =>
    ruleErrors(rule, index(at, position), occurrences, scope.budget, uncorrelated),
  );
}

function ruleErrors(
  rule: RuleProgram,
  path: string,
  occurrences: number,
  budget: RuleBudget,
  uncorrelated: string | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const at = child(path, 'rule');
  const cost = rule.maxCost * occurrences;
  if (cost > ruleLimit) errors.push(fieldErrors.forbidden(at, tooDear('estimated rule cost', cost, ruleLimit)));
  budget.spend(at, cost);
  if (rule.error !== undefined) errors.push(invalidRule(at, rule.spec, rule.error));
  errors.push(...messageErrors(rule, child(path, 'messageExpression'), budget));
  if (rule.usesOldSelf) {
    if (uncorrelated !== undefined)
      errors.push(
        fieldErrors.invalid(
          at,
          rule.spec.rule,
          `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
        ),
      );
  } else if (rule.spec.optionalOldSelf !== undefined)
    errors.push(
      fieldErrors.invalid(
        child(path, 'optionalOldSelf'),
        rule.spec.optionalOldSelf,
        'may not be set if oldSelf is not used in rule',
      ),
    );
  return errors;
}

function messageErrors(rule: RuleProgram, path: string, budget: RuleBudget): FieldError[] {
  if (rule.messageError !== undefined) return [invalidRule(path, rule.spec, rule.messageError)];
  if (!rule.message) return [];
  const { maxCost } = rule.message;
  budget.spend(path, maxCost);
  return maxCost > ruleLimit
    ? [fieldErrors.forbidden(path, tooDear('estimated messageExpression cost', maxCost, ruleLimit))]
    : [];
}
