import { Failure, isList, isMap, itemsOf, Optional, type CelValue } from './value.ts';
import { pointCount } from './library/text.ts';

/** Cost of going through one character of a text, and of one character of a pattern (cel-go, common/cost.go). */
export const traversalFactor = 0.1;
export const patternFactor = 0.25;

function size(value: CelValue | undefined): number {
  if (typeof value === 'string') return pointCount(value);
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length;
  if (isList(value) || isMap(value)) return value.size;
  return value instanceof Optional && value.value !== undefined ? size(value.value) : 1;
}

/** A whole traversal: texts by length, lists and maps by what they hold. */
function traversal(value: CelValue): number {
  if (typeof value === 'string') return Math.floor(value.length * traversalFactor);
  if (typeof value !== 'object' || value === null) return 1;
  if (isList(value)) return itemsOf(value).reduce<number>((sum, item) => sum + traversal(item), 0);
  if (isMap(value))
    return value.keys().reduce<number>((sum, key) => sum + traversal(key) + traversal(value.get(key) ?? null), 0);
  return 1;
}

type Cost = (args: readonly CelValue[], result: CelValue) => number;

const bySize =
  (factor: number): Cost =>
  ([first]) =>
    Math.ceil(size(first) * factor);
const byTraversal: Cost = ([first = null]) => traversal(first);
const byShorter: Cost = ([a, b]) => Math.ceil(Math.min(size(a), size(b)) * traversalFactor);
const byPattern: Cost = ([text, pattern]) =>
  Math.ceil((1 + size(text)) * traversalFactor) * Math.ceil(size(pattern) * patternFactor);
const byBoth: Cost = ([text, part]) =>
  Math.ceil(size(text) * traversalFactor) * Math.ceil(size(part) * traversalFactor);

function byOperands(texts: Cost): Cost {
  return (args, result) => {
    const [first] = args;
    return typeof first === 'string' || first instanceof Uint8Array ? texts(args, result) : 1;
  };
}

const inRange: Cost = ([, range]) => (range !== undefined && range !== null && isList(range) ? size(range) : 1);
const sum: Cost = ([a, b]) => Math.ceil((size(a) + size(b)) * traversalFactor);

/** The call and the new list. */
const newList = 11;
const byResult =
  (factor: number): Cost =>
  (_, result) =>
    Math.floor(size(result) * factor) + newList;
const listCall =
  (position: number, factor: (args: readonly CelValue[]) => number): Cost =>
  (args) =>
    Math.floor(size(args[position]) * factor(args)) + newList;
const bySelfCompare =
  (position: number): Cost =>
  (args) => {
    const list = args[position] ?? null;
    const first = isList(list) && list.size > 0 ? list.at(0) : null;
    const factor = typeof first === 'string' || first instanceof Uint8Array ? 2 + traversalFactor : 2;
    return Math.floor(size(list) ** 2 * factor) + newList;
  };
const setRelation =
  (factor: number): Cost =>
  ([a, b]) =>
    1 + Math.floor(size(a) * size(b) * factor);

/** Functions that cost more than one unit; both cel-go's and Kubernetes' own accounting. */
const costs: Readonly<Record<string, Cost>> = {
  isSorted: byTraversal,
  sum: byTraversal,
  max: byTraversal,
  min: byTraversal,
  indexOf: byTraversal,
  lastIndexOf: byTraversal,
  url: bySize(traversalFactor),
  lowerAscii: bySize(traversalFactor),
  upperAscii: bySize(traversalFactor),
  substring: bySize(traversalFactor),
  trim: bySize(traversalFactor),
  replace: bySize(2 * traversalFactor),
  split: bySize(2 * traversalFactor),
  join: (_, result) => Math.ceil(size(result) * 2 * traversalFactor),
  find: byPattern,
  findAll: byPattern,
  matches: byPattern,
  contains: byBoth,
  startsWith: bySize(traversalFactor),
  endsWith: bySize(traversalFactor),
  format: bySize(traversalFactor),
  '@in': inRange,
  '_==_': byShorter,
  '_!=_': byShorter,
  '_<_': byOperands(byShorter),
  '_<=_': byOperands(byShorter),
  '_>_': byOperands(byShorter),
  '_>=_': byOperands(byShorter),
  '_+_': byOperands(sum),
  slice: byResult(1),
  'lists.range': byResult(1),
  reverse: byResult(1),
  flatten: listCall(0, ([, depth]) => (typeof depth === 'bigint' ? Number(depth) : 1)),
  distinct: bySelfCompare(0),
  sort: bySelfCompare(0),
  '@sortByAssociatedKeys': bySelfCompare(1),
  'sets.contains': setRelation(1),
  'sets.intersects': setRelation(1),
  'sets.equivalent': setRelation(2),
  quantity: bySize(traversalFactor),
  isQuantity: bySize(traversalFactor),
  semver: bySize(traversalFactor),
  isSemver: bySize(traversalFactor),
  ip: bySize(traversalFactor),
  isIP: bySize(traversalFactor),
  cidr: bySize(traversalFactor),
  isCIDR: bySize(traversalFactor),
};

/** What one call really cost, in CEL's units. */
export function callCost(name: string, args: readonly CelValue[], result: CelValue): number {
  const cost = Object.hasOwn(costs, name) ? costs[name] : undefined;
  return cost === undefined || result instanceof Failure ? 1 : cost(args, result);
}
