import { issuesText, type Expr } from './ast.ts';
import type { Checked } from './checked.ts';
import { check } from './checker.ts';
import type { Environment } from './environment.ts';
import { compileSteps } from './evaluator.ts';
import { Frame } from './frame.ts';
import { parse } from './parser.ts';
import type { CelType } from './type.ts';
import { compilePattern } from './library/pattern.ts';
import { Failure, typeNameOf, type CelValue } from './value.ts';
import { fits } from './dispatch.ts';

/** What an evaluation gave and what it cost, in CEL's units. */
interface Evaluation {
  /** A Failure if it failed. */
  readonly value: CelValue;
  readonly cost: number;
}

/** A compiled expression. */
export interface Program {
  readonly expr: Expr;
  readonly type: CelType;
  readonly checked: Checked;
  /** Names of variables that it uses. */
  readonly references: ReadonlySet<string>;
  evaluate(variables: Readonly<Record<string, CelValue>>, costLimit?: number): Evaluation;
}

/** Kubernetes' limit of what one evaluation may cost (apiserver, pkg/apis/cel). */
export const perCallLimit = 1_000_000;

/** Why an expression is refused: it does not compile, or what is constant in it already fails. */
export interface CompileProblem {
  readonly stage: 'compilation' | 'instantiation';
  readonly error: string;
}

/** Functions that are computed at once where their argument is a literal. */
const folded: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'string',
  'timestamp',
  'uint',
]);
const patterns: ReadonlySet<string> = new Set(['find', 'findAll']);

function constantProblem({ calls }: Checked): string | undefined {
  for (const { name, args, overloads } of calls.values()) {
    const [first, second] = args;
    if (folded.has(name) && args.length === 1 && first?.node === 'literal') {
      const { value } = first;
      const result = overloads.find(({ params }) => params.every((param) => fits(value, param)))?.call(value);
      if (result instanceof Failure) return result.message;
      if (result === undefined) return `no such overload: ${name}(${typeNameOf(value)})`;
    }
    if (patterns.has(name) && second?.node === 'literal' && typeof second.value === 'string') {
      const pattern = compilePattern(second.value);
      if (pattern instanceof Failure) return pattern.message;
    }
  }
  return undefined;
}

/** Compiles an expression, or tells what is wrong with it in cel-go's form. */
export function compileProgram(
  source: string,
  environment: Environment,
): { readonly program: Program } | CompileProblem {
  const { expr, issues } = parse(source);
  if (expr === undefined) return { stage: 'compilation', error: issuesText(source, issues) };
  const checked = check(expr, environment);
  if (checked.issues.length > 0) return { stage: 'compilation', error: issuesText(source, checked.issues) };
  const problem = constantProblem(checked);
  if (problem !== undefined) return { stage: 'instantiation', error: problem };
  const run = compileSteps(checked);
  const program: Program = {
    expr,
    type: checked.type,
    checked,
    references: checked.references,
    evaluate: (variables, costLimit = perCallLimit) => {
      const frame = new Frame(variables, costLimit);
      const value = run(frame);
      return { value, cost: frame.cost };
    },
  };
  return { program };
}
