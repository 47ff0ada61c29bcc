import type { OwnerReference } from '@reeve/api';
import type { APIResource, Stored } from '@reeve/kube';

/** The metadata on which decisions rest. */
export type Ownership = Pick<
  Stored<object>['metadata'],
  'name' | 'namespace' | 'uid' | 'resourceVersion' | 'deletionTimestamp' | 'finalizers' | 'ownerReferences'
>;

/** One object with what the collector needs of it. */
export interface GraphNode {
  readonly resource: APIResource;
  readonly metadata: Ownership;
}

/** Who owns whom, by uid, as seen by the watches. */
export class OwnershipGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();

  set(node: GraphNode): void {
    this.delete(node.metadata.uid);
    this.#nodes.set(node.metadata.uid, node);
    for (const { uid } of node.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(uid) ?? new Set();
      this.#dependents.set(uid, dependents.add(node.metadata.uid));
    }
  }

  delete(uid: string): void {
    for (const owner of this.#nodes.get(uid)?.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
    this.#nodes.delete(uid);
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  /** Uids of nodes of which an owner reference matches. */
  dependentsOfKind(matches: (owner: OwnerReference) => boolean): readonly string[] {
    return [...this.#nodes.values()]
      .filter(({ metadata }) => metadata.ownerReferences?.some(matches))
      .map(({ metadata }) => metadata.uid);
  }

  /** Nodes of one resource, to compare with a fresh list. */
  of(resource: APIResource): readonly GraphNode[] {
    return [...this.#nodes.values()].filter(
      (node) => node.resource.plural === resource.plural && node.resource.group === resource.group,
    );
  }
}

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/** What the API says of one owner reference. */
export type OwnerState = 'present' | 'absent' | 'foreground' | 'unknown-kind';

/** What to do with one object. */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'orphan-dependents' }
  | { readonly kind: 'delete-dependents' }
  | { readonly kind: 'finish-foreground' }
  | { readonly kind: 'delete'; readonly propagation: 'Background' | 'Foreground' | 'Orphan' }
  | { readonly kind: 'drop-owners'; readonly owners: readonly OwnerReference[] };

/**
 * Decides about an object that is going (orphan or foreground finalizers) or whose owners may be gone. Rules of the
 * garbage collector's documentation: absent owners lead to deletion only if no owner is left; a foreground deletion of
 * one owner takes the object along only if no other owner stays.
 */
export function decide(
  node: GraphNode,
  owners: readonly (readonly [OwnerReference, OwnerState])[],
  dependents: readonly GraphNode[],
): Decision {
  const { deletionTimestamp, finalizers = [] } = node.metadata;
  if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) return { kind: 'orphan-dependents' };
  if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) {
    const blocking = dependents.filter(({ metadata }) =>
      metadata.ownerReferences?.some(
        ({ uid, blockOwnerDeletion }) => uid === node.metadata.uid && blockOwnerDeletion === true,
      ),
    );
    return { kind: blocking.length === 0 ? 'finish-foreground' : 'delete-dependents' };
  }
  if (deletionTimestamp !== undefined || owners.length === 0) return { kind: 'nothing' };
  const inState = (...states: readonly OwnerState[]): readonly OwnerReference[] =>
    owners.filter(([, state]) => states.includes(state)).map(([owner]) => owner);
  const staying = inState('present', 'unknown-kind');
  const gone = inState('absent', 'foreground');
  if (gone.length === 0) return { kind: 'nothing' };
  if (staying.length > 0) return { kind: 'drop-owners', owners: gone };
  if (inState('foreground').length > 0 && dependents.length > 0) return { kind: 'delete', propagation: 'Foreground' };
  return {
    kind: 'delete',
    propagation: finalizers.includes(ORPHAN) ? 'Orphan' : finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background',
  };
}
