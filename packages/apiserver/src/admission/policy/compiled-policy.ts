import { itemsOf, maybeObject, objectAt, textAt } from '../../builtin/object-path.ts';
import { compileProgram } from '../../cel/program.ts';
import type { Program } from '../../cel/program.ts';
import { dyn } from '../../cel/type.ts';
import type { CelType } from '../../cel/type.ts';
import { Failure } from '../../cel/value.ts';
import type { CelMap, CelValue } from '../../cel/value.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { policyEnvironment } from './environment.ts';
import type { PolicyEnvironment } from './environment.ts';

/** Values of the variables that expressions know, but for the policy's own. */
export type Bindings = Readonly<Record<string, CelValue>>;

/** An expression of a policy: it may not compile any more, which fails when it is asked. */
export interface Expression {
  readonly source: string;
  readonly evaluate: (bindings: Bindings) => CelValue;
}

interface Validation {
  readonly condition: Expression;
  readonly messageExpression: Expression | undefined;
  readonly message: string;
  readonly reason: string;
}

/** What a mutation makes: a part of the object that is applied to it, or a JSON patch. */
export interface Mutation {
  readonly type: 'ApplyConfiguration' | 'JSONPatch';
  readonly expression: Expression;
}

/** A policy whose expressions are ready to run. */
export interface CompiledPolicy {
  readonly matchConditions: readonly Expression[];
  readonly validations: readonly Validation[];
  readonly mutations: readonly Mutation[];
}

function compile(source: string, environment: PolicyEnvironment, variables?: Variables): Expression {
  const compiled = compileProgram(source, environment);
  if ('error' in compiled) return { source, evaluate: () => new Failure(`compilation error: ${compiled.error}`) };
  const { program } = compiled;
  return {
    source,
    evaluate: (bindings) =>
      program.evaluate(variables === undefined ? bindings : withVariables(bindings, variables)).value,
  };
}

type Variables = ReadonlyMap<string, Program>;
const cache = new WeakMap<Bindings, Bindings>();

/** The same variables for all expressions of one request, so that each is computed once. */
function withVariables(bindings: Bindings, programs: Variables): Bindings {
  const known = cache.get(bindings);
  if (known !== undefined) return known;
  const made: Record<string, CelValue> = { ...bindings };
  made['variables'] = new LazyVariables(programs, made);
  cache.set(bindings, made);
  return made;
}

/** A policy's own variables, computed when they are first used. */
class LazyVariables implements CelMap {
  readonly isMap = true;
  readonly typeName = 'kubernetes.variables';
  readonly #programs: Variables;
  readonly #bindings: Bindings;
  readonly #values = new Map<string, CelValue>();

  constructor(programs: Variables, bindings: Bindings) {
    this.#programs = programs;
    this.#bindings = bindings;
  }

  get size(): number {
    return this.#programs.size;
  }

  get(key: CelValue): CelValue | undefined {
    const program = typeof key === 'string' ? this.#programs.get(key) : undefined;
    if (typeof key !== 'string' || program === undefined) return undefined;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const { value } = program.evaluate(this.#bindings);
    const told =
      value instanceof Failure
        ? new Failure(`composited variable ${JSON.stringify(key)} fails to evaluate: ${value.message}`)
        : value;
    this.#values.set(key, told);
    return told;
  }

  keys(): readonly CelValue[] {
    return [...this.#programs.keys()];
  }
}

const compiledPolicies = new Map<string, CompiledPolicy>();
const mostKept = 500;

/** Compiles a policy, once for each of its versions. */
export function compiledPolicy(policy: ObjectValue): CompiledPolicy {
  const metadata = metadataOf(policy);
  const key = `${textAt(metadata, 'uid')}/${textAt(metadata, 'resourceVersion')}`;
  const known = compiledPolicies.get(key);
  if (known !== undefined) return known;
  if (compiledPolicies.size >= mostKept) compiledPolicies.clear();
  const made = compilePolicy(objectAt(policy, 'spec'));
  compiledPolicies.set(key, made);
  return made;
}

function compilePolicy(spec: ObjectValue): CompiledPolicy {
  const hasParams = maybeObject(spec, 'paramKind') !== undefined;
  const types = new Map<string, CelType>();
  const programs = new Map<string, Program>();
  for (const variable of itemsOf(spec, 'variables')) {
    const name = textAt(variable, 'name');
    const environment = policyEnvironment({ hasParams, variables: new Map(types) });
    const compiled = compileProgram(textAt(variable, 'expression'), environment);
    types.set(name, 'program' in compiled ? compiled.program.type : dyn);
    if ('program' in compiled) programs.set(name, compiled.program);
  }
  const own = programs.size > 0 ? { variables: types } : {};
  const environment = policyEnvironment({ hasParams, ...own });
  const mutating = policyEnvironment({ hasParams, isMutating: true, ...own });
  const conditions = policyEnvironment({ hasParams });
  return {
    matchConditions: itemsOf(spec, 'matchConditions').map((condition) =>
      compile(textAt(condition, 'expression').trim(), conditions),
    ),
    mutations: itemsOf(spec, 'mutations').map((mutation) => {
      const type = mutation['patchType'] === 'JSONPatch' ? 'JSONPatch' : 'ApplyConfiguration';
      const source = objectAt(mutation, type === 'JSONPatch' ? 'jsonPatch' : 'applyConfiguration');
      return { type, expression: compile(textAt(source, 'expression').trim(), mutating, programs) };
    }),
    validations: itemsOf(spec, 'validations').map((validation) => {
      const messageExpression = textAt(validation, 'messageExpression');
      return {
        condition: compile(textAt(validation, 'expression'), environment, programs),
        messageExpression: messageExpression === '' ? undefined : compile(messageExpression, environment, programs),
        message: textAt(validation, 'message').trim(),
        reason: textAt(validation, 'reason') || 'Invalid',
      };
    }),
  };
}
