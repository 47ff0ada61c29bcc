import { RE2JS } from 're2js';
import type { Expr, Issue } from './ast.ts';
import type { ResolvedCall } from './checker.ts';
import { parseDuration } from './duration.ts';
import { formatProblem } from './library/format-text.ts';
import { parseTimestamp } from './timestamp.ts';
import type { CelType } from './type.ts';

/** Arguments whose literals are checked when the expression is compiled: what is wrong then can never be right. */
export function checkLiterals(
  calls: ReadonlyMap<Expr, ResolvedCall>,
  typeOf: (expr: Expr) => CelType,
): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [expr, { name, args, isMethod }] of calls) {
    const last = args.at(-1);
    const text = last?.node === 'literal' && typeof last.value === 'string' ? last.value : undefined;
    if (name === 'format' && isMethod) issues.push(...checkFormat(expr, args, typeOf));
    if (text === undefined || last === undefined) continue;
    if (name === 'duration' && parseDuration(text) === undefined)
      issues.push({ at: last.at, message: 'invalid duration argument' });
    else if (name === 'timestamp' && parseTimestamp(text) === undefined)
      issues.push({ at: last.at, message: 'invalid timestamp argument' });
    else if (name === 'matches' && isMethod && !isPattern(text))
      issues.push({ at: last.at, message: 'invalid matches argument' });
  }
  return issues;
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

function checkFormat(expr: Expr, args: readonly Expr[], typeOf: (expr: Expr) => CelType): readonly Issue[] {
  const [text, list] = args;
  if (text?.node !== 'literal' || typeof text.value !== 'string' || list?.node !== 'list') return [];
  const message = formatProblem(text.value, list.items.map(typeOf));
  return message === undefined ? [] : [{ at: expr.at, message }];
}
