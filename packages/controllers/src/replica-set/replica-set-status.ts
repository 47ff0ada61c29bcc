import { labelRequirements, matchesLabels } from '@reeve/api';
import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '@reeve/api/apps/v1';
import type { Pod } from '@reeve/api/core/v1';
import { isActive, isAvailable, isTerminating, readySince } from '../pod-state.ts';

/** The status of a ReplicaSet from its pods; counters of zero are left out, as the API shows them. */
export function replicaSetStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  conditions: readonly ReplicaSetCondition[],
  now: number,
): ReplicaSetStatus {
  const active = pods.filter(isActive);
  const requirements = labelRequirements({ matchLabels: set.spec?.template?.metadata?.labels ?? {} });
  const count = (holds: (pod: Pod) => boolean): number => active.filter(holds).length;
  const counters = {
    fullyLabeledReplicas: count(({ metadata }) => matchesLabels(requirements, metadata?.labels ?? {})),
    readyReplicas: count((pod) => readySince(pod) !== undefined),
    availableReplicas: count((pod) => isAvailable(pod, set.spec?.minReadySeconds ?? 0, now)),
  };
  return {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)),
    terminatingReplicas: pods.filter(isTerminating).length,
    observedGeneration: set.metadata?.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** In how many milliseconds the next ready pod becomes available; undefined: none is waiting. */
export function nextAvailability(set: ReplicaSet, pods: readonly Pod[], now: number): number | undefined {
  const wait = (set.spec?.minReadySeconds ?? 0) * 1000;
  const times = pods
    .filter(isActive)
    .flatMap((pod) => readySince(pod) ?? [])
    .map((since) => since + wait - now)
    .filter((left) => left > 0);
  return times.length === 0 ? undefined : Math.min(...times);
}
