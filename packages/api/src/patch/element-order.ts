import { InputError } from '../input-error.ts';
import { formatGoValue, isPatchObject } from './patch-value.ts';
import type { PatchObject, PatchValue } from './patch-value.ts';

type List = readonly PatchValue[];

/** An object of a list that lacks the field which identifies it. */
export function missingMergeKey(item: PatchValue, mergeKey: string): InputError {
  return new InputError(
    'PatchDoesNotApply',
    `map: ${formatGoValue(item)} does not contain declared merge key: ${mergeKey}`,
  );
}

/** The value that identifies an item: that of the merge key, or the item itself in a list of plain values. */
function identityOf(item: PatchValue, mergeKey: string | undefined): PatchValue {
  if (mergeKey === undefined) return item;
  if (!isPatchObject(item)) throw notAMap();
  const identity = item[mergeKey];
  if (identity === undefined) throw missingMergeKey(item, mergeKey);
  return identity;
}

const notAMap = (): InputError => new InputError('PatchDoesNotApply', 'value for key 0 is not a map');

/** Where the item with this identity is, or -1. Items without identity are passed over. */
export function findItem(list: List, identity: PatchValue, mergeKey: string | undefined): number {
  return list.findIndex((item) => {
    if (mergeKey === undefined) return item === identity;
    if (!isPatchObject(item)) throw notAMap();
    return item[mergeKey] === identity;
  });
}

/** Insertion by insertion, as what is not in `order` goes to the front. */
function sortBy(items: List, order: List, mergeKey: string | undefined): PatchValue[] {
  const positions = new Map(
    order.map((item, index) => [identityOf(item, mergeKey), index]).reverse() as [PatchValue, number][],
  );
  const sorted: { item: PatchValue; position: number | undefined }[] = [];
  for (const item of items) {
    const position = positions.get(identityOf(item, mergeKey));
    let at = sorted.length;
    while (at > 0 && comesBefore(position, sorted[at - 1]?.position)) at--;
    sorted.splice(at, 0, { item, position });
  }
  return sorted.map(({ item }) => item);
}

const comesBefore = (left: number | undefined, right: number | undefined): boolean =>
  left === undefined || right === undefined || left < right;

/** Puts items that only the server has among those of the patch: before one that they precede on the server, else after. */
function interleave(serverOnly: List, patched: List, serverOrder: List, mergeKey: string | undefined): PatchValue[] {
  const position = (item: PatchValue): number => findItem(serverOrder, identityOf(item, mergeKey), mergeKey);
  const result: PatchValue[] = [];
  let left = 0;
  for (const item of patched) {
    const at = position(item);
    for (; left < serverOnly.length; left++) {
      const other = position(serverOnly[left] ?? null);
      if (at < 0 || other < 0 || other > at) break;
      result.push(serverOnly[left] ?? null);
    }
    result.push(item);
  }
  return [...result, ...serverOnly.slice(left)];
}

/** The order of a merged list: the patch's own order for its items, the server's for the others. */
export function orderElements(
  merged: List,
  patchOrder: List,
  serverOrder: List,
  mergeKey: string | undefined,
): PatchValue[] {
  const isPatched = (item: PatchValue): boolean => findItem(patchOrder, identityOf(item, mergeKey), mergeKey) >= 0;
  const patched = sortBy(merged.filter(isPatched), patchOrder, mergeKey);
  const serverOnly = sortBy(
    merged.filter((item) => !isPatched(item)),
    serverOrder,
    mergeKey,
  );
  return interleave(serverOnly, patched, serverOrder, mergeKey);
}

/** Checks that a `$setElementOrder` list names the patch's items in their order; deletions do not count. */
export function checkElementOrder(patch: List, order: List, mergeKey: string | undefined): void {
  if (patch.length === 0 || order.length === 0) return;
  const items = patch.filter((item) => !(isPatchObject(item) && hasDirective(item)));
  let next = 0;
  for (const entry of order) {
    const item = items[next];
    if (item === undefined) return;
    if (identityOf(item, mergeKey) === identityOf(entry, mergeKey)) next++;
  }
  if (next === items.length) return;
  throw new InputError(
    'PatchDoesNotApply',
    `The order in patch list:\n${formatGoValue([...patch])}\n doesn't match $setElementOrder list:\n${formatGoValue([...order])}\n`,
  );
}

const hasDirective = (item: PatchObject): boolean => Object.hasOwn(item, '$patch');
