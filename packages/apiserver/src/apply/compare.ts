import { sameValue } from '../operations/same-value.ts';
import type { TypeSchema } from '../type-schema.ts';
import type { ObjectValue, Value } from '../value.ts';
import { isObject } from '../value.ts';
import { EMPTY_SET, isEmpty, LEAF, makeNode } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { elementOf } from './list-element.ts';
import { fieldElement } from './path-element.ts';
import { fieldSchema, shapeOf } from './shape.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';

/** How one object differs from another; no field is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Side = keyof Comparison;

/** Changes below one node, by side; absent where there are none. */
type Changes = { [side in Side]?: FieldSet };

const SIDES: readonly Side[] = ['added', 'modified', 'removed'];

/** The changes of a node's children, collected. */
class Collected {
  readonly #children: { [side in Side]?: Record<string, FieldSet> } = {};

  add(element: string, changes: Changes | undefined): void {
    if (changes === undefined) return;
    for (const side of SIDES) {
      const node = changes[side];
      if (node === undefined) continue;
      const children = (this.#children[side] ??= {});
      children[element] = node;
    }
  }

  /** With the node itself on one side, if it is only there. */
  changes(own: Side | undefined): Changes | undefined {
    const result: Changes = {};
    let hasAny = false;
    for (const side of SIDES) {
      const node = makeNode(side === own, this.#children[side] ?? {});
      if (node === undefined) continue;
      result[side] = node;
      hasAny = true;
    }
    return hasAny ? result : undefined;
  }
}

const ADDED: Changes = { added: LEAF };
const MODIFIED: Changes = { modified: LEAF };
const REMOVED: Changes = { removed: LEAF };

function compareLeaf(left: Value | undefined, right: Value | undefined): Changes | undefined {
  if (left === undefined) return ADDED;
  if (right === undefined) return REMOVED;
  return sameValue(left, right) ? undefined : MODIFIED;
}

const sideOf = (left: Value | undefined, right: Value | undefined): Side | undefined => {
  if (left === undefined) return 'added';
  return right === undefined ? 'removed' : undefined;
};

function compareMaps(shape: MapShape, left: Value | undefined, right: Value | undefined): Changes | undefined {
  const before = isObject(left) ? left : undefined;
  const after = isObject(right) ? right : undefined;
  const isHollow = (map: ObjectValue | undefined): boolean => map === undefined || Object.keys(map).length === 0;
  if (shape.map === 'atomic' || (isHollow(before) && isHollow(after))) return compareLeaf(left, right);
  const collected = new Collected();
  const compareField = (name: string): void => {
    const [old, current] = [before?.[name], after?.[name]];
    const schema = old === current ? undefined : fieldSchema(shape, name);
    const changes = schema === undefined ? undefined : compareValues(schema, old, current);
    if (changes !== undefined) collected.add(fieldElement(name), changes);
  };
  for (const name in before) compareField(name);
  for (const name in after) if (before === undefined || !Object.hasOwn(before, name)) compareField(name);
  return collected.changes(sideOf(left, right));
}

function byElement(shape: ListShape, items: readonly Value[]): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const item of items) {
    const element = elementOf(shape, item);
    const alike = found.get(element);
    if (alike === undefined) found.set(element, [item]);
    else alike.push(item);
  }
  return found;
}

/** Items with one element: compared as items if there is at most one on each side, else the element stands for all. */
function compareAlike(schema: TypeSchema, before: readonly Value[], after: readonly Value[]): Changes | undefined {
  if (before.length <= 1 && after.length <= 1) return compareValues(schema, before[0], after[0]);
  if (before.length >= 2 && after.length >= 2) return sameValue([...before], [...after]) ? undefined : MODIFIED;
  if (before.length >= 2) {
    const changes = after.length === 0 ? undefined : compareValues(schema, undefined, after[0]);
    return { ...changes, removed: LEAF };
  }
  const changes = before.length === 0 ? undefined : compareValues(schema, before[0], undefined);
  return { ...changes, added: LEAF };
}

function compareLists(shape: ListShape, left: Value | undefined, right: Value | undefined): Changes | undefined {
  const before = Array.isArray(left) ? left : [];
  const after = Array.isArray(right) ? right : [];
  if (shape.list === 'atomic' || (before.length === 0 && after.length === 0)) return compareLeaf(left, right);
  // Most lists of most updates are the same, and telling this is cheaper than telling their items apart.
  if (left !== undefined && right !== undefined && sameValue(left, right)) return undefined;
  const collected = new Collected();
  const old = byElement(shape, before);
  const current = byElement(shape, after);
  for (const [element, items] of old)
    collected.add(element, compareAlike(shape.item, items, current.get(element) ?? []));
  for (const [element, items] of current)
    if (!old.has(element)) collected.add(element, compareAlike(shape.item, [], items));
  return collected.changes(sideOf(left, right));
}

function compareAs(shape: Shape, left: Value | undefined, right: Value | undefined): Changes | undefined {
  if (shape.type === 'scalar') return compareLeaf(left, right);
  return shape.type === 'map' ? compareMaps(shape, left, right) : compareLists(shape, left, right);
}

function compareValues(schema: TypeSchema, left: Value | undefined, right: Value | undefined): Changes | undefined {
  if (left === right) return undefined;
  const shape = shapeOf(schema, right === undefined ? left : right);
  if (left === undefined || right === undefined) return compareAs(shape, left, right);
  const before = shapeOf(schema, left);
  if (before === shape) return compareAs(shape, left, right);
  return { ...compareAs(before, left, right), ...compareAs(shape, left, right) };
}

const NO_CHANGES: Comparison = { added: EMPTY_SET, modified: EMPTY_SET, removed: EMPTY_SET };

/** Finds what `after` adds to, changes in and takes from `before`. Throws a StatusError (500) for items without keys. */
export function compareObjects(schema: TypeSchema, before: ObjectValue, after: ObjectValue): Comparison {
  const changes = compareValues(schema, before, after);
  return changes === undefined ? NO_CHANGES : { ...NO_CHANGES, ...changes };
}

/** True if nothing differs. */
export function isSame({ added, modified, removed }: Comparison): boolean {
  return isEmpty(added) && isEmpty(modified) && isEmpty(removed);
}
