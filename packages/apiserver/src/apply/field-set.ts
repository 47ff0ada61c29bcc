/**
 * A set of fields in the form of FieldsV1 (KEP-555): the keys of a node are path elements (`f:name`, `k:{…}`, `v:…`,
 * `i:0`), and `.` says that the node's own field belongs to the set, too. A node without keys is such a field. The root
 * without keys is the empty set. Sets are never changed; operations share what stays the same.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** A field that belongs to the set and has no fields below it that do. */
export const LEAF: FieldSet = {};

/** The empty set, as a root. */
export const EMPTY_SET: FieldSet = {};

const SELF = '.';

type Children = Readonly<Record<string, FieldSet>>;

/** True if the node's own field belongs to the set. */
export function isMember(node: FieldSet): boolean {
  return SELF in node || isEmpty(node);
}

/** True if a root holds nothing. */
export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** A node from its parts; undefined if nothing is left of it. */
export function makeNode(member: boolean, children: Children): FieldSet | undefined {
  if (isEmpty(children)) return member ? LEAF : undefined;
  return member ? { [SELF]: LEAF, ...children } : children;
}

/** The elements below a node. */
function childrenOf(node: FieldSet): Children {
  if (!(SELF in node)) return node;
  const { [SELF]: _, ...children } = node;
  return children;
}

/** Makes a set from a child by child computation, keeping only what there is. */
function mapChildren(children: Children, change: (key: string, node: FieldSet) => FieldSet | undefined): Children {
  const result: Record<string, FieldSet> = {};
  for (const key in children) {
    const node = children[key];
    const changed = node === undefined ? undefined : change(key, node);
    if (changed !== undefined) result[key] = changed;
  }
  return result;
}

function unionNodes(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left;
  const children = union(childrenOf(left), childrenOf(right));
  return makeNode(isMember(left) || isMember(right), children) ?? LEAF;
}

/** What is in either set. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(left) || left === right) return right;
  if (isEmpty(right)) return left;
  const result: Record<string, FieldSet> = { ...left };
  for (const key in right) {
    const node = right[key];
    const before = left[key];
    if (node !== undefined) result[key] = before === undefined ? node : unionNodes(before, node);
  }
  return result;
}

/** What is in both sets. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return mapChildren(left, (key, node) => {
    const other = right[key];
    if (other === undefined) return undefined;
    const children = intersection(childrenOf(node), childrenOf(other));
    return makeNode(isMember(node) && isMember(other), children);
  });
}

/** What is in the first set only, field by field: taking away a field does not take away those below it. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(right)) return left;
  return mapChildren(left, (key, node) => {
    const other = right[key];
    if (other === undefined) return node;
    const children = difference(childrenOf(node), childrenOf(other));
    return makeNode(isMember(node) && !isMember(other), children);
  });
}

/** What is in the first set only: taking away a field takes away those below it. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(right)) return left;
  return mapChildren(left, (key, node) => {
    const other = right[key];
    if (other === undefined) return node;
    if (isMember(other)) return undefined;
    return makeNode(isMember(node), recursiveDifference(childrenOf(node), other));
  });
}

/** True if the field at the path is in the set. */
export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return node !== undefined && path.length > 0 && isMember(node);
}

/** The set of one path. */
export function setOfPath(path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), LEAF);
}

/** All paths of a set, those of a node before those below it, in order of their elements. */
export function pathsOf(set: FieldSet): string[][] {
  const keys = Object.keys(set)
    .filter((key) => key !== SELF)
    .sort();
  const own = keys.filter((key) => isMember(set[key] ?? LEAF)).map((key) => [key]);
  const below = keys.flatMap((key) => {
    const node = set[key] ?? LEAF;
    return pathsOf(childrenOf(node)).map((path) => [key, ...path]);
  });
  return [...own, ...below];
}
