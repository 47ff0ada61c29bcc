import type { Expr, Issue } from './ast.ts';
import type { ResolvedCall } from './checked.ts';
import { parseDuration } from './duration.ts';
import { formatProblem } from './library/format-text.ts';
import { compilePattern } from './library/pattern.ts';
import { parseTimestamp } from './timestamp.ts';
import { sameType, typeText, type CelType } from './type.ts';
import { Failure } from './value.ts';

type TypeOf = (expr: Expr) => CelType;

/**
 * What can be said against literals when an expression is compiled: arguments that can never be right, and lists and
 * maps whose elements are not alike (but for the arguments of `format`).
 */
export function checkLiterals(root: Expr, calls: ReadonlyMap<Expr, ResolvedCall>, typeOf: TypeOf): readonly Issue[] {
  const issues: Issue[] = [];
  visit(root, false, (expr, inFormat) => {
    const call = calls.get(expr);
    if (call) issues.push(...checkCall(expr, call, typeOf));
    if (!inFormat) issues.push(...checkElements(expr, typeOf));
  });
  return issues;
}

function visit(expr: Expr, inFormat: boolean, each: (expr: Expr, inFormat: boolean) => void): void {
  each(expr, inFormat);
  const inside = inFormat || (expr.node === 'call' && expr.name === 'format');
  for (const child of children(expr)) visit(child, inside, each);
}

function children(expr: Expr): readonly Expr[] {
  switch (expr.node) {
    case 'literal':
    case 'ident':
      return [];
    case 'select':
    case 'has':
      return [expr.operand];
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'comprehension':
      return [expr.range, ...(expr.filter ? [expr.filter] : []), expr.body];
    case 'bind':
      return [expr.value, expr.body];
  }
}

function checkCall(expr: Expr, { name, args, isMethod }: ResolvedCall, typeOf: TypeOf): readonly Issue[] {
  if (name === 'format' && isMethod) return checkFormat(expr, args, typeOf);
  const last = args.at(-1);
  if (last?.node !== 'literal') return [];
  const { value, at } = last;
  const text = typeof value === 'string' ? value : undefined;
  const invalid = (isBad: boolean): readonly Issue[] => (isBad ? [{ at, message: `invalid ${name} argument` }] : []);
  switch (name) {
    case 'duration':
      return invalid(text === undefined || parseDuration(text) === undefined);
    case 'timestamp':
      return invalid(text !== undefined && parseTimestamp(text) === undefined);
    case 'matches':
      return invalid(text !== undefined && compilePattern(text) instanceof Failure);
    default:
      return [];
  }
}

function checkFormat(expr: Expr, args: readonly Expr[], typeOf: TypeOf): readonly Issue[] {
  const [text, list] = args;
  if (text?.node !== 'literal' || typeof text.value !== 'string' || list?.node !== 'list') return [];
  const problem = formatProblem(text.value, list.items.map(typeOf));
  if (problem === undefined) return [];
  const argument = problem.argument === undefined ? undefined : list.items[problem.argument];
  return [{ at: argument?.at ?? expr.at, message: problem.message }];
}

function checkElements(expr: Expr, typeOf: TypeOf): readonly Issue[] {
  if (expr.node === 'list') return firstUnlike(expr.items, (position) => expr.optional.has(position), typeOf);
  if (expr.node !== 'map' || expr.typeName !== undefined) return [];
  const isOptional = (position: number): boolean => expr.entries[position]?.optional === true;
  return [
    ...firstUnlike(
      expr.entries.map(({ key }) => key),
      () => false,
      typeOf,
    ),
    ...firstUnlike(
      expr.entries.map(({ value }) => value),
      isOptional,
      typeOf,
    ),
  ];
}

function firstUnlike(
  elements: readonly Expr[],
  isOptional: (position: number) => boolean,
  typeOf: TypeOf,
): readonly Issue[] {
  let wanted: CelType | undefined;
  for (const [position, element] of elements.entries()) {
    const type = typeOf(element);
    const own = isOptional(position) && type.kind === 'optional' ? type.element : type;
    if (wanted !== undefined && !sameType(wanted, own))
      return [{ at: element.at, message: `expected type '${typeText(wanted)}' but found '${typeText(own)}'` }];
    wanted ??= own;
  }
  return [];
}
