import type { ReplicaSet } from '@reeve/api/apps/v1';
import type { Stored } from '@reeve/kube';
import type { Revision } from './rollout.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

export function revisionNumber({ metadata }: ReplicaSet): number {
  return Number(metadata?.annotations?.[REVISION] ?? 0);
}

export function revisionOf(set: Stored<ReplicaSet>): Revision {
  const max = set.metadata.annotations?.[MAX_REPLICAS];
  return {
    name: set.metadata.name,
    replicas: set.spec?.replicas ?? 1,
    available: set.status?.availableReplicas ?? 0,
    created: Date.parse(set.metadata.creationTimestamp),
    maxReplicas: max === undefined ? undefined : Number(max),
  };
}

/**
 * The revision annotations of the ReplicaSet that is now the newest: the next number, the former one kept in the
 * history (a rollback). Undefined when it has the highest number already.
 */
export function revisionAnnotations(
  set: ReplicaSet | undefined,
  others: readonly ReplicaSet[],
): Readonly<Record<string, string>> | undefined {
  const highest = Math.max(0, ...others.map(revisionNumber));
  const own = set ? revisionNumber(set) : 0;
  if (own > highest) return undefined;
  const history = set?.metadata?.annotations?.[REVISION_HISTORY];
  const former = own === 0 ? {} : { [REVISION_HISTORY]: history === undefined ? String(own) : `${history},${own}` };
  return { [REVISION]: String(highest + 1), ...former };
}

/** Annotations that a deployment hands down to its ReplicaSets. */
export function inheritedAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const own = new Set([
    REVISION,
    REVISION_HISTORY,
    DESIRED_REPLICAS,
    MAX_REPLICAS,
    'kubectl.kubernetes.io/last-applied-configuration',
    'deprecated.deployment.rollback.to',
  ]);
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !own.has(name)));
}

/** Scaled-down old ReplicaSets beyond the history limit, oldest revisions first. */
export function beyondHistory(old: readonly Stored<ReplicaSet>[], limit: number): readonly Stored<ReplicaSet>[] {
  const idle = old.filter(
    ({ spec, status, metadata }) =>
      (spec?.replicas ?? 0) === 0 && (status?.replicas ?? 0) === 0 && metadata.deletionTimestamp === undefined,
  );
  return idle.toSorted((a, b) => revisionNumber(a) - revisionNumber(b)).slice(0, Math.max(0, idle.length - limit));
}
