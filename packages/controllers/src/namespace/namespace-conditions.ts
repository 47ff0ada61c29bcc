import type { NamespaceCondition } from '@reeve/api/core/v1';

/** What is left in a namespace that is being deleted. */
export interface NamespaceContent {
  /** By `plural.group`. */
  readonly remaining: ReadonlyMap<string, number>;
  /** By finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** Sentences about what could not be deleted yet. */
  readonly failures: readonly string[];
}

export const isEmpty = ({ remaining }: NamespaceContent): boolean => remaining.size === 0;

type Wanted = Pick<NamespaceCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The five conditions of a terminating namespace (KEP-1164). */
export function namespaceConditions({ remaining, finalizers, failures }: NamespaceContent): readonly Wanted[] {
  const counts = [...remaining].map(([resource, count]) => `${resource} has ${count} resource instances`).toSorted();
  const holders = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).toSorted();
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    failures.length > 0
      ? {
          type: 'NamespaceDeletionContentFailure',
          status: 'True',
          reason: 'ContentDeletionFailed',
          message: `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
        }
      : {
          type: 'NamespaceDeletionContentFailure',
          status: 'False',
          reason: 'ContentDeleted',
          message: 'All content successfully deleted, may be waiting on finalization',
        },
    counts.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${counts.join(', ')}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        },
    holders.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}

/** The conditions to store, with times that change only when a status flips; undefined if nothing is new. */
export function mergedConditions(
  current: readonly NamespaceCondition[] | undefined,
  wanted: readonly Wanted[],
  now: string,
): readonly NamespaceCondition[] | undefined {
  const merged = wanted.map((condition) => {
    const before = current?.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? now };
  });
  const isKnown = merged.every((condition) => {
    const before = current?.find(({ type }) => type === condition.type);
    return (
      before?.status === condition.status && before.reason === condition.reason && before.message === condition.message
    );
  });
  return isKnown ? undefined : merged;
}
