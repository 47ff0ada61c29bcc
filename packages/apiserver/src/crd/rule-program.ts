import { estimateCost } from '../cel/cost/estimate.ts';
import type { Declaration } from '../cel/declaration.ts';
import { environment, type Environment } from '../cel/environment.ts';
import { compileProgram, type Program } from '../cel/program.ts';
import { optionalOf } from '../cel/type.ts';
import { validFieldPath } from './rule-field-path.ts';
import type { RuleSpec, Schema } from './schema.ts';

/** A rule of x-kubernetes-validations, compiled. */
export interface RuleProgram {
  readonly spec: RuleSpec;
  /** Undefined if the rule does not compile. */
  readonly program: Program | undefined;
  readonly usesOldSelf: boolean;
  readonly maxCost: number;
  readonly error?: string;
  readonly message?: { readonly program: Program; readonly maxCost: number };
  readonly messageError?: string;
  /** What `fieldPath` points to, as errors show it, after the rule's own path. */
  readonly fieldPath: string;
}

/** Compiles the rules of one schema node; empty ones do nothing. */
export function compileRules(schema: Schema, declared: Declaration): readonly RuleProgram[] {
  const plain = environment({ self: declared.type, oldSelf: declared.type });
  const optional = environment({ self: declared.type, oldSelf: optionalOf(declared.type) });
  return schema.rules.map((spec) => compileRule(spec, schema, declared, spec.optionalOldSelf ? optional : plain));
}

const stages = { compilation: 'compilation', instantiation: 'program instantiation' } as const;

function compileRule(spec: RuleSpec, schema: Schema, declared: Declaration, scope: Environment): RuleProgram {
  const nothing: RuleProgram = { spec, program: undefined, usesOldSelf: false, maxCost: 0, fieldPath: '' };
  if (spec.rule.trim() === '') return nothing;
  const compiled = compileProgram(spec.rule, scope);
  if ('error' in compiled) return { ...nothing, error: `${stages[compiled.stage]} failed: ${compiled.error}` };
  const { program } = compiled;
  if (program.type.kind !== 'bool') return { ...nothing, error: 'cel expression must evaluate to a bool' };
  const found = spec.fieldPath === '' ? undefined : validFieldPath(spec.fieldPath, schema);
  return {
    spec,
    program,
    usesOldSelf: program.references.has('oldSelf'),
    maxCost: estimateCost(program.checked, declared).max,
    fieldPath: found !== undefined && 'path' in found ? found.path : '',
    ...compileMessage(spec, declared, scope),
  };
}

function compileMessage(
  { messageExpression }: RuleSpec,
  declared: Declaration,
  scope: Environment,
): Pick<RuleProgram, 'message' | 'messageError'> {
  if (messageExpression === '') return {};
  const compiled = compileProgram(messageExpression, scope);
  if ('error' in compiled) return { messageError: `messageExpression ${compiled.stage} failed: ${compiled.error}` };
  const { program } = compiled;
  if (program.type.kind !== 'string') return { messageError: 'messageExpression must evaluate to a string' };
  return { message: { program, maxCost: estimateCost(program.checked, declared).max } };
}
