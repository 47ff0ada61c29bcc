import { listContains } from '../equality.ts';
import type { Implementation, Library } from '../functions.ts';
import { isList, itemsOf, type CelValue } from '../value.ts';

const contains = (list: CelValue | undefined, other: CelValue | undefined): boolean =>
  list !== undefined &&
  other !== undefined &&
  isList(list) &&
  isList(other) &&
  itemsOf(other).every((item) => listContains(list, item));

const intersects: Implementation = (a = null, b = null) =>
  isList(a) && isList(b) && itemsOf(a).some((item) => listContains(b, item));

/** cel-go's sets extension. */
export const setLibrary: Library = [
  ['sets.contains(list<A>, list<A>): bool', contains],
  ['sets.equivalent(list<A>, list<A>): bool', (a, b) => contains(a, b) && contains(b, a)],
  ['sets.intersects(list<A>, list<A>): bool', intersects],
];
