import type { Expr } from '../ast.ts';
import type { CelType } from '../type.ts';
import type { Range } from './range.ts';

/** What an estimate knows of one part of an expression. */
export interface Estimated {
  readonly expr: Expr | undefined;
  readonly type: CelType;
  /** How it is reached from a variable: `self`, `spec`, `@items`; undefined if it is computed. */
  readonly path: readonly string[] | undefined;
  readonly cost: Range;
  readonly size: Range | undefined;
  /** Sizes of keys and values of what it holds. */
  readonly entries: Entries | undefined;
}

/** Sizes of what a list or map holds. */
export interface Entries {
  readonly isList: boolean;
  readonly key: Range;
  readonly value: Range;
}
