import type { Implementation, Library } from '../functions.ts';
import { ArrayList, Failure } from '../value.ts';
import { compilePattern } from './pattern.ts';

const findAll: Implementation = (text, pattern, limit) => {
  if (typeof text !== 'string' || typeof pattern !== 'string') return new ArrayList([]);
  const expression = compilePattern(pattern);
  if (expression instanceof Failure) return expression;
  const most = typeof limit === 'bigint' && limit >= 0n ? Number(limit) : Number.POSITIVE_INFINITY;
  const found: string[] = [];
  const matcher = expression.matcher(text);
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
  return new ArrayList(found);
};

const find: Implementation = (text, pattern) => {
  const all = findAll(text ?? '', pattern ?? '', 1n);
  return all instanceof ArrayList ? (all.items[0] ?? '') : all;
};

/** Kubernetes' `find` and `findAll`. */
export const regexLibrary: Library = [
  ['string.find(string): string', find],
  ['string.findAll(string): list<string>', findAll],
  ['string.findAll(string, int): list<string>', findAll],
];
