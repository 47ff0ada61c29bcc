import type { Expr, Issue } from './ast.ts';
import type { Overload } from './functions.ts';
import type { CelType } from './type.ts';

/** What the checker found out about one call. */
export interface ResolvedCall {
  /** The function's full name; a namespace's function loses its target. */
  readonly name: string;
  readonly args: readonly Expr[];
  /** All overloads that may be meant; more than one only if arguments are dyn. */
  readonly overloads: readonly Overload[];
  readonly isMethod: boolean;
}

/** An expression with the types of its parts. */
export interface Checked {
  readonly expr: Expr;
  readonly type: CelType;
  readonly types: ReadonlyMap<Expr, CelType>;
  readonly calls: ReadonlyMap<Expr, ResolvedCall>;
  /** Names of the environment's variables that the expression uses. */
  readonly references: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}
