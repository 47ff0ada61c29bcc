import type { ResolvedCall } from '../checker.ts';
import { patternFactor, traversalFactor } from '../runtime-cost.ts';
import type { CelType } from '../type.ts';
import { anySize, fixed, plus, scale, times, union, unbounded, type Range } from './range.ts';
import type { Estimated } from './estimated.ts';

/** The cost of a call without its arguments, and how large its result is. */
export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range | undefined;
}

type ElementOf = (list: Estimated) => { readonly type: CelType; readonly size: Range } | undefined;

type Estimate = (args: readonly Estimated[], elementOf: ElementOf) => CallEstimate;

const sizeOf = (arg: Estimated | undefined): Range => arg?.size ?? anySize;
const isText = (type: CelType): boolean => type.kind === 'string' || type.kind === 'bytes';

/** Estimates one call by its name; where several overloads are meant, the dearest counts. */
export function estimateCall(call: ResolvedCall, args: readonly Estimated[], elementOf: ElementOf): CallEstimate {
  const estimate = Object.hasOwn(estimates, call.name) ? estimates[call.name] : undefined;
  return estimate === undefined ? { cost: fixed(1) } : estimate(args, elementOf);
}

const characters =
  (factor: number, keepsSize = false): Estimate =>
  ([text]) => ({ cost: scale(sizeOf(text), factor), ...(keepsSize ? { size: sizeOf(text) } : {}) });

/** Goes through a list once, and through its texts. */
const traversal: Estimate = ([target], elementOf) => {
  const element = target && elementOf(target);
  if (!element) return { cost: scale(sizeOf(target), traversalFactor) };
  const each = isText(element.type) ? plus(fixed(1), scale(element.size, traversalFactor)) : fixed(1);
  return { cost: times(sizeOf(target), each) };
};

const pattern: Estimate = ([text, expression]) => {
  const cost = times(scale(plus(sizeOf(text), fixed(1)), traversalFactor), scale(sizeOf(expression), patternFactor));
  return { cost, size: { min: 0, max: sizeOf(text).max } };
};

/** Compares two values: as long as the shorter one. */
const equality: Estimate = ([a, b]) => {
  const opaque = a?.type.kind === 'opaque' && b?.type.kind === 'opaque' && constantEquality.has(a.type.name);
  if (opaque) return { cost: fixed(1) };
  const max = Math.min(sizeOf(a).max, sizeOf(b).max);
  return { cost: scale({ min: max > 0 ? 1 : 0, max }, traversalFactor) };
};

const constantEquality: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
]);

const ordering: Estimate = (args, elementOf) =>
  args.some(({ type }) => isText(type) || type.kind === 'dyn') ? equality(args, elementOf) : { cost: fixed(1) };

const addition: Estimate = ([a, b]) => {
  const kinds = [a?.type.kind, b?.type.kind];
  const size = plus(sizeOf(a), sizeOf(b));
  if (kinds.includes('list')) return { cost: fixed(1), size };
  const texts = kinds.some((kind) => kind === 'string' || kind === 'bytes' || kind === 'dyn');
  return texts ? { cost: scale(size, traversalFactor), size } : { cost: fixed(1) };
};

const replace: Estimate = ([target, from, to]) => {
  const [text, old, added] = [sizeOf(target), sizeOf(from), sizeOf(to)];
  const most = old.min === 0 ? text.max + 1 : added.max <= old.min ? 0 : Math.ceil(text.max / old.min);
  const least = old.max === 0 ? text.min + 1 : old.max <= added.min ? 0 : Math.ceil(text.min / old.max);
  const kept = {
    min: old.max === 0 ? text.min : 0,
    max: old.min === 0 || added.max <= old.min ? text.max : 0,
  };
  const size = plus(times({ min: least, max: Math.min(most, unbounded) }, added), kept);
  return { cost: scale(text, 2 * traversalFactor), size };
};

const split: Estimate = ([target, , limit]) => {
  const literal =
    limit?.expr?.node === 'literal' && typeof limit.expr.value === 'bigint' ? limit.expr.value : undefined;
  const max = literal === undefined ? sizeOf(target).max : literal < 0n ? unbounded : Number(literal);
  return { cost: scale(sizeOf(target), 2 * traversalFactor), size: { min: 0, max } };
};

const join: Estimate = ([target, separator], elementOf) => {
  const list = sizeOf(target);
  const element = target && elementOf(target);
  const items = element ? times(list, element.size) : fixed(0);
  const gaps = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
  const size = separator === undefined ? items : plus(items, times(sizeOf(separator), gaps));
  return { cost: scale(size, traversalFactor), size };
};

const contains: Estimate = ([text, part]) => ({
  cost: times(scale(sizeOf(text), traversalFactor), scale(sizeOf(part), traversalFactor)),
});

/** startsWith and endsWith look at as much as the part is long. */
const affix: Estimate = ([, part]) => ({ cost: scale(sizeOf(part), traversalFactor) });

const membership: Estimate = ([, range]) => ({ cost: range?.type.kind === 'list' ? sizeOf(range) : fixed(1) });

const address: Estimate = (args, elementOf) =>
  args[0]?.type.kind === 'opaque' ? { cost: fixed(1) } : characters(traversalFactor)(args, elementOf);

const addressCompare: Estimate = ([, other]) => {
  const bytes = { min: 4, max: 16 };
  const base = scale(plus(bytes, bytes), traversalFactor);
  return { cost: other?.type.kind === 'string' ? plus(base, scale(sizeOf(other), traversalFactor)) : base };
};

const rangeCompare: Estimate = (args, elementOf) => {
  const extra = plus(scale({ min: 4, max: 16 }, traversalFactor), fixed(1));
  return { cost: plus(addressCompare(args, elementOf).cost, extra) };
};

/** The longest pattern of a named format. */
const longestFormat = 128;

const validate: Estimate = ([, text]) => ({
  cost: scale(scale(sizeOf(text), traversalFactor), longestFormat * patternFactor),
});

const conversion: Estimate = ([value]) => {
  const size = sizeOf(value);
  const cost = scale(size, traversalFactor);
  if (value?.type.kind === 'bytes') return { cost, size: { min: Math.floor(size.min / 4), max: size.max } };
  return { cost: fixed(1) };
};

const toBytes: Estimate = ([value]) =>
  value?.type.kind === 'string'
    ? { cost: scale(sizeOf(value), traversalFactor), size: { min: sizeOf(value).min, max: sizeOf(value).max * 4 } }
    : { cost: fixed(1) };

const quote: Estimate = ([value]) => ({
  cost: scale(sizeOf(value), traversalFactor),
  size: plus(union(sizeOf(value), scale(sizeOf(value), 2)), fixed(2)),
});

const estimates: Readonly<Record<string, Estimate>> = {
  isSorted: traversal,
  sum: traversal,
  max: traversal,
  min: traversal,
  indexOf: traversal,
  lastIndexOf: traversal,
  url: characters(traversalFactor, true),
  lowerAscii: characters(traversalFactor, true),
  upperAscii: characters(traversalFactor, true),
  substring: characters(traversalFactor, true),
  trim: characters(traversalFactor, true),
  replace,
  split,
  join,
  find: pattern,
  findAll: pattern,
  matches: pattern,
  contains,
  startsWith: affix,
  endsWith: affix,
  format: characters(traversalFactor),
  'strings.quote': quote,
  string: conversion,
  bytes: toBytes,
  '@in': membership,
  '_==_': equality,
  '_!=_': equality,
  '_<_': ordering,
  '_<=_': ordering,
  '_>_': ordering,
  '_>=_': ordering,
  '_+_': addition,
  cidr: characters(traversalFactor),
  isIP: characters(traversalFactor),
  isCIDR: characters(traversalFactor),
  ip: address,
  'ip.isCanonical': characters(2 * traversalFactor),
  containsIP: addressCompare,
  containsCIDR: rangeCompare,
  quantity: characters(traversalFactor),
  isQuantity: characters(traversalFactor),
  semver: characters(traversalFactor),
  isSemver: characters(traversalFactor),
  validate,
};
