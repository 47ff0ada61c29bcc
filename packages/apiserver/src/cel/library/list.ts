import { celEquals, compare, listContains } from '../equality.ts';
import type { Implementation, Library } from '../functions.ts';
import {
  ArrayList,
  Duration,
  Failure,
  isList,
  itemsOf,
  Optional,
  Uint,
  type CelList,
  type CelValue,
} from '../value.ts';
import { noOverload, operatorLibrary } from './operator.ts';

const items = (value: CelValue | undefined): readonly CelValue[] =>
  value !== undefined && isList(value) ? itemsOf(value) : [];
const number = (value: CelValue | undefined): number => (typeof value === 'bigint' ? Number(value) : 0);

const addition = operatorLibrary.find(([signature]) => signature.startsWith('_+_('))?.[1];
const add: Implementation = (a = null, b = null) => addition?.(a, b) ?? noOverload();

/** Sums of nothing, by element type. */
const zeros: Readonly<Record<string, CelValue>> = {
  int: 0n,
  uint: new Uint(0n),
  double: 0,
  duration: new Duration(0n),
};

function sum(zero: CelValue): Implementation {
  return (list) => items(list).reduce((total, item) => (total instanceof Failure ? total : add(total, item)), zero);
}

function extreme(name: string, isBetter: (order: number) => boolean): Implementation {
  return (list) => {
    const [first, ...rest] = items(list);
    if (first === undefined) return new Failure(`${name} called on empty list`);
    return rest.reduce((best, item) => (isBetter(compare(item, best) ?? 0) ? item : best), first);
  };
}

const isSorted: Implementation = (list) => {
  const all = items(list);
  return all.every((item, at) => at === 0 || (compare(all[at - 1] ?? null, item) ?? 0) <= 0);
};

const indexOf: Implementation = (list, value = null) => BigInt(items(list).findIndex((item) => celEquals(item, value)));
const lastIndexOf: Implementation = (list, value = null) =>
  BigInt(items(list).findLastIndex((item) => celEquals(item, value)));

const slice: Implementation = (list, from, to) => {
  const [all, start, end] = [items(list), number(from), number(to)];
  if (start < 0 || end < 0) return new Failure(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end)
    return new Failure(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (all.length < end) return new Failure(`cannot slice(${start}, ${end}), list is length ${all.length}`);
  return new ArrayList(all.slice(start, end));
};

function flat(list: readonly CelValue[], depth: number): CelValue[] {
  return list.flatMap((item) => (isList(item) && depth > 0 ? flat(itemsOf(item), depth - 1) : [item]));
}

const flatten: Implementation = (list, depth = 1n) =>
  number(depth) < 0 ? new Failure('level must be non-negative') : new ArrayList(flat(items(list), number(depth)));

const distinct: Implementation = (list) => {
  const unique: CelValue[] = [];
  for (const item of items(list)) if (!listContains(new ArrayList(unique), item)) unique.push(item);
  return new ArrayList(unique);
};

/** Sorts by keys of the same number; keys of unlike types have no order. */
const sortByKeys: Implementation = (list, keys) => {
  const ranked = items(list).map((item, at) => ({ item, key: items(keys)[at] ?? null }));
  const [first] = ranked;
  if (ranked.some(({ key }) => first && compare(first.key, key) === undefined))
    return new Failure('list elements must have the same type');
  return new ArrayList(ranked.sort((a, b) => compare(a.key, b.key) ?? 0).map(({ item }) => item));
};

const range: Implementation = (count) =>
  new ArrayList(Array.from({ length: Math.max(0, number(count)) }, (_, at) => BigInt(at)));

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'] as const;

const first = (list: CelList, at: number): CelValue => new Optional(list.size > 0 ? list.at(at) : undefined);

/** Kubernetes' list functions, and cel-go's extension of version 3. */
export const listLibrary: Library = [
  ...Object.entries(zeros).map(([type, zero]): Library[number] => [`list<${type}>.sum(): ${type}`, sum(zero)]),
  ...comparable.flatMap((type): Library => [
    [`list<${type}>.isSorted(): bool`, isSorted],
    [`list<${type}>.min(): ${type}`, extreme('min', (order) => order < 0)],
    [`list<${type}>.max(): ${type}`, extreme('max', (order) => order > 0)],
    [`list<${type}>.sort(): list<${type}>`, (list = null) => sortByKeys(list, list)],
    [`list<A>.@sortByAssociatedKeys(list<${type}>): list<A>`, sortByKeys],
  ]),
  ['list<A>.indexOf(A): int', indexOf],
  ['list<A>.lastIndexOf(A): int', lastIndexOf],
  ['list<A>.slice(int, int): list<A>', slice],
  ['list<list<A>>.flatten(): list<A>', flatten],
  ['list<dyn>.flatten(int): list<dyn>', flatten],
  ['list<A>.distinct(): list<A>', distinct],
  ['list<A>.reverse(): list<A>', (list) => new ArrayList([...items(list)].reverse())],
  ['list<A>.first(): optional<A>', (list = null) => (isList(list) ? first(list, 0) : noOverload())],
  ['list<A>.last(): optional<A>', (list = null) => (isList(list) ? first(list, list.size - 1) : noOverload())],
  ['lists.range(int): list<int>', range],
];
