import type { Job } from '@reeve/api/batch/v1';
import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { parseIndexes } from './index-set.ts';
import { failuresBefore, indexOf, isIndexed, isTracked } from './job-pod.ts';
import { failureVerdict } from './pod-failure-policy.ts';

/** A job that is on its way to its end treats the pods that it has left accordingly. */
export type Ending = 'failing' | 'succeeding' | undefined;

/**
 * The count of pods that ended. Each passes three states, so that a crash counts none twice (KEP-2307): written down
 * as uncounted, freed of its finalizer, added to the counter.
 */
export interface JobAccounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** Pods whose finalizer goes once the status with these accounts is stored. */
  readonly untrack: readonly Stored<Pod>[];
}

type Verdict = 'running' | 'succeeded' | 'failed' | 'dropped';

export function completionsOf({ spec }: Job): number {
  return spec?.completions ?? Infinity;
}

/** Pods that ended or are as good as ended: a job replaces terminating ones unless it is told to wait for them. */
export function verdictOf(job: Job, pod: Pod, ending: Ending): Verdict {
  if (pod.status?.phase === 'Succeeded') return 'succeeded';
  if (pod.status?.phase === 'Failed') return failureVerdict(job, pod).action === 'Ignore' ? 'dropped' : 'failed';
  if (ending === 'succeeding') return 'dropped';
  if (ending === 'failing') return 'failed';
  const isGoing = pod.metadata?.deletionTimestamp !== undefined;
  return isGoing && job.spec?.podReplacementPolicy !== 'Failed' ? 'failed' : 'running';
}

export function accountsOf(job: Job, pods: readonly Stored<Pod>[], ending: Ending): JobAccounts {
  const tracked = pods.filter(isTracked);
  const uids = new Set(tracked.map(({ metadata }) => metadata.uid));
  const known = job.status?.uncountedTerminatedPods;
  const still = (list: readonly string[] | undefined): string[] => (list ?? []).filter((uid) => uids.has(uid));
  const uncounted = { succeeded: still(known?.succeeded), failed: still(known?.failed) };
  const counted = {
    succeeded: (known?.succeeded?.length ?? 0) - uncounted.succeeded.length,
    failed: (known?.failed?.length ?? 0) - uncounted.failed.length,
  };
  const isKnown = new Set([...uncounted.succeeded, ...uncounted.failed]);
  const completedIndexes = new Set(parseIndexes(job.status?.completedIndexes, completionsOf(job)));
  const untrack: Stored<Pod>[] = [];
  for (const pod of tracked) {
    const verdict = verdictOf(job, pod, ending);
    if (verdict === 'running') continue;
    untrack.push(pod);
    if (isKnown.has(pod.metadata.uid) || verdict === 'dropped') continue;
    if (verdict === 'succeeded' && isIndexed(job)) addIndex(completedIndexes, pod, job);
    else uncounted[verdict].push(pod.metadata.uid);
  }
  const succeeded = isIndexed(job) ? completedIndexes.size : (job.status?.succeeded ?? 0) + counted.succeeded;
  const failed = (job.status?.failed ?? 0) + counted.failed;
  return { succeeded, failed, uncounted, completedIndexes, failedIndexes: failedIndexesOf(job, pods, ending), untrack };
}

function addIndex(indexes: Set<number>, pod: Pod, job: Job): void {
  const index = indexOf(pod);
  if (index !== undefined && index < completionsOf(job)) indexes.add(index);
}

function failedIndexesOf(job: Job, pods: readonly Pod[], ending: Ending): ReadonlySet<number> {
  const limit = job.spec?.backoffLimitPerIndex;
  const failed = new Set(parseIndexes(job.status?.failedIndexes, completionsOf(job)));
  if (limit === undefined) return failed;
  for (const pod of pods.filter((candidate) => verdictOf(job, candidate, undefined) === 'failed')) {
    const isFinal = failuresBefore(pod) >= limit || failureVerdict(job, pod).action === 'FailIndex';
    if (isFinal && ending === undefined) addIndex(failed, pod, job);
  }
  return failed;
}

/** All successes and failures, also those that are not yet in the counters. */
export function totals({ succeeded, failed, uncounted }: JobAccounts): {
  readonly succeeded: number;
  readonly failed: number;
} {
  return { succeeded: succeeded + uncounted.succeeded.length, failed: failed + uncounted.failed.length };
}
