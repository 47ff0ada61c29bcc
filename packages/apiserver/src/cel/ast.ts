import type { CelValue } from './value.ts';

/** What is common to all nodes: where an error about the node points, as an offset in code points. */
interface Placed {
  readonly at: number;
}

export type ComprehensionKind =
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'map'
  | 'filter'
  | 'transformMap'
  | 'transformMapEntry';

/** An expression after macros. Comprehensions are kept as what they mean rather than as loops. */
export type Expr = Placed &
  (
    | { readonly node: 'literal'; readonly value: CelValue }
    | { readonly node: 'ident'; readonly name: string }
    | { readonly node: 'select'; readonly operand: Expr; readonly field: string; readonly optional: boolean }
    | { readonly node: 'has'; readonly operand: Expr; readonly field: string }
    /** Operators are calls named as cel-go names them: `_+_`, `_[_]`, `!_`. */
    | {
        readonly node: 'call';
        readonly name: string;
        readonly target: Expr | undefined;
        readonly args: readonly Expr[];
      }
    | { readonly node: 'list'; readonly items: readonly Expr[]; readonly optional: ReadonlySet<number> }
    /** With a type name its keys are fields: `Object{a: 1}`. */
    | { readonly node: 'map'; readonly entries: readonly MapEntry[]; readonly typeName?: string }
    | {
        readonly node: 'comprehension';
        readonly kind: ComprehensionKind;
        readonly range: Expr;
        /** One variable (item, or key of a map), or two (index or key, and value). */
        readonly variables: readonly string[];
        readonly filter: Expr | undefined;
        readonly body: Expr;
      }
    /** A value with a name of its own, for optMap and optFlatMap. */
    | { readonly node: 'bind'; readonly name: string; readonly value: Expr; readonly body: Expr }
  );

export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

/** `a.b` for nested selections of names. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.node === 'ident') return expr.name;
  if (expr.node !== 'select' || expr.optional) return undefined;
  const before = qualifiedName(expr.operand);
  return before === undefined ? undefined : `${before}.${expr.field}`;
}

/** What is wrong in a text, and where. */
export interface Issue {
  readonly at: number;
  readonly message: string;
}

/** Issues as cel-go prints them: line, column, the line and a caret. */
export function issuesText(source: string, issues: readonly Issue[]): string {
  const points = Array.from(source);
  const sorted = [...issues].sort((a, b) => a.at - b.at);
  return sorted.map((issue) => issueText(points, issue)).join('\n');
}

function issueText(points: readonly string[], { at, message }: Issue): string {
  const before = points.slice(0, at);
  const line = before.filter((point) => point === '\n').length + 1;
  const start = before.lastIndexOf('\n') + 1;
  const column = at - start;
  const end = points.indexOf('\n', start);
  const text = points
    .slice(start, end < 0 ? points.length : end)
    .join('')
    .replaceAll('\t', ' ');
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${'.'.repeat(column)}^`;
}
