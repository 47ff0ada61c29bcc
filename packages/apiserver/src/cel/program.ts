import { issuesText, type Expr } from './ast.ts';
import { check, type Checked } from './checker.ts';
import type { Environment } from './environment.ts';
import { compileSteps } from './evaluator.ts';
import { Frame } from './frame.ts';
import { parse } from './parser.ts';
import type { CelType } from './type.ts';
import type { CelValue } from './value.ts';

/** What an evaluation gave and what it cost, in CEL's units. */
export interface Evaluation {
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

/** Compiles an expression, or tells what is wrong with it in cel-go's form. */
export function compileProgram(
  source: string,
  environment: Environment,
): { readonly program: Program } | { readonly error: string } {
  const { expr, issues } = parse(source);
  if (expr === undefined) return { error: issuesText(source, issues) };
  const checked = check(expr, environment);
  if (checked.issues.length > 0) return { error: issuesText(source, checked.issues) };
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
