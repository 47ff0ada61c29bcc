import type { ResolvedCall } from '../checked.ts';
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

type Estimate = (args: readonly Estimated[], elementOf: ElementOf, call: ResolvedCall) => CallEstimate;

/** True if some form of the function that may be meant takes one of these types first. */
const mayTake = ({ overloads }: ResolvedCall, position: number, ...kinds: readonly CelType['kind'][]): boolean =>
  overloads.some(({ params }) => kinds.includes(params[position]?.kind ?? 'dyn'));

const sizeOf = (arg: Estimated | undefined): Range => arg?.size ?? anySize;
const isText = (type: CelType): boolean => type.kind === 'string' || type.kind === 'bytes';

/** Estimates one call by its name; where several overloads are meant, the dearest counts. */
export function estimateCall(call: ResolvedCall, args: readonly Estimated[], elementOf: ElementOf): CallEstimate {
  // The global form of matches is not known to cel-go's accounting.
  if (call.name === 'matches' && !call.isMethod) return { cost: fixed(1) };
  const estimate = Object.hasOwn(estimates, call.name) ? estimates[call.name] : undefined;
  return estimate === undefined ? { cost: fixed(1) } : estimate(args, elementOf, call);
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
  const opaque = a?.type.kind === 'opaque' && b?.type.kind === 'opaque' ? a.type.name : '';
  if (constantEquality.has(opaque)) return { cost: fixed(1) };
  if (opaque === 'kubernetes.NamedFormat') return { cost: scale({ min: 1, max: 64 }, traversalFactor) };
  const max = Math.min(sizeOf(a).max, sizeOf(b).max);
  return { cost: scale({ min: max > 0 ? 1 : 0, max }, traversalFactor) };
};

const constantEquality: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
]);

const ordering: Estimate = (args, elementOf, call) =>
  mayTake(call, 0, 'string', 'bytes') ? equality(args, elementOf, call) : { cost: fixed(1) };

const addition: Estimate = ([a, b], _, call) => {
  const size = plus(sizeOf(a), sizeOf(b));
  if (mayTake(call, 0, 'string', 'bytes')) return { cost: scale(size, traversalFactor), size };
  return mayTake(call, 0, 'list') ? { cost: fixed(1), size } : { cost: fixed(1) };
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

const membership: Estimate = ([, range], _, call) => ({ cost: mayTake(call, 1, 'list') ? sizeOf(range) : fixed(1) });

const address: Estimate = (args, elementOf, call) =>
  args[0]?.type.kind === 'opaque' ? { cost: fixed(1) } : characters(traversalFactor)(args, elementOf, call);

const addressCompare: Estimate = ([, other]) => {
  const bytes = { min: 4, max: 16 };
  const base = scale(plus(bytes, bytes), traversalFactor);
  return { cost: other?.type.kind === 'string' ? plus(base, scale(sizeOf(other), traversalFactor)) : base };
};

const rangeCompare: Estimate = (args, elementOf, call) => {
  const extra = plus(scale({ min: 4, max: 16 }, traversalFactor), fixed(1));
  return { cost: plus(addressCompare(args, elementOf, call).cost, extra) };
};

/** The longest pattern of a named format. */
const longestFormat = 128;

const validate: Estimate = ([, text]) => ({
  cost: scale(scale(sizeOf(text), traversalFactor), longestFormat * patternFactor),
});

const conversion: Estimate = ([value]) => {
  const size = sizeOf(value);
  const cost = scale(size, traversalFactor);
  if (value?.type.kind === 'dyn') return { cost: union(cost, fixed(1)) };
  if (value?.type.kind === 'bytes') return { cost, size: { min: Math.floor(size.min / 4), max: size.max } };
  return { cost: fixed(1) };
};

/** Functions that make a list: the call, the list, and what each element costs. */
const listMaker =
  (
    sizeFor: (args: readonly Estimated[]) => Range,
    factorFor: (args: readonly Estimated[]) => number = () => 1,
  ): Estimate =>
  (args) => {
    const size = sizeFor(args);
    return { cost: plus(scale(size, factorFor(args)), fixed(11)), size };
  };

function literalNumber(arg: Estimated | undefined, otherwise: number): number {
  if (arg?.expr?.node !== 'literal' || typeof arg.expr.value !== 'bigint') return otherwise;
  return Math.max(0, Number(arg.expr.value));
}

const sliced = ([list, from, to]: readonly Estimated[]): Range => {
  const length = literalNumber(to, sizeOf(list).max) - literalNumber(from, 0);
  return fixed(length < 0 ? unbounded : length);
};

const squared =
  (position: number) =>
  (args: readonly Estimated[]): Range =>
    times(sizeOf(args[position]), sizeOf(args[position]));

/** Comparing elements with each other; texts are gone through. */
const comparing =
  (position: number) =>
  (args: readonly Estimated[]): number => {
    const type = args[position]?.type;
    return type?.kind === 'list' && isText(type.element) ? 2 + traversalFactor : 2;
  };

const setRelation =
  (factor: number): Estimate =>
  ([a, b]) => ({ cost: plus(scale(times(sizeOf(a), sizeOf(b)), factor), fixed(1)) });

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
  slice: listMaker(sliced),
  'lists.range': listMaker(([count]) => fixed(literalNumber(count, unbounded))),
  reverse: listMaker(([list]) => sizeOf(list)),
  flatten: listMaker(
    ([list]) => sizeOf(list),
    ([, depth]) => (depth === undefined ? 1 : literalNumber(depth, unbounded)),
  ),
  distinct: listMaker(squared(0), () => 2),
  sort: listMaker(squared(0), comparing(0)),
  '@sortByAssociatedKeys': listMaker(squared(1), comparing(1)),
  'sets.contains': setRelation(1),
  'sets.intersects': setRelation(1),
  'sets.equivalent': setRelation(2),
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
