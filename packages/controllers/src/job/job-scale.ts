import type { Job } from '@reeve/api/batch/v1';
import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { byDeletionRank } from '../replica-set/deletion-rank.ts';
import { completionsOf, totals, verdictOf } from './job-accounts.ts';
import type { JobAccounts } from './job-accounts.ts';
import { endOf, failuresBefore, ignoredFailuresBefore, indexOf, isIndexed } from './job-pod.ts';
import type { NewPod } from './job-pod.ts';
import { failureVerdict } from './pod-failure-policy.ts';

/** At most this many pods are made in one pass; the next pass goes on. */
const BURST_MAX = 50;
/** The delay after the first failure, doubled with each, up to the second (as kube-controller-manager). */
const BACKOFF_MS = 10_000;
const BACKOFF_MAX_MS = 600_000;

export interface JobPods {
  readonly all: readonly Stored<Pod>[];
  readonly active: readonly Stored<Pod>[];
  readonly terminating: readonly Stored<Pod>[];
}

/** Which pods to make and which to take away so that as many run as should. */
export interface Scaling {
  readonly creates: readonly NewPod[];
  readonly deletes: readonly Stored<Pod>[];
  /** When a pod that waits after a failure may be made. */
  readonly waitMs: number | undefined;
}

/** How many pods should run now. */
export function wantedActive(job: Job, accounts: JobAccounts, active: number): number {
  const parallelism = job.spec?.parallelism ?? 1;
  if (job.spec?.suspend === true) return 0;
  const { succeeded } = totals(accounts);
  const isWorkQueue = job.spec?.completions === undefined;
  if (isWorkQueue) return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
  return Math.max(0, Math.min(parallelism, completionsOf(job) - succeeded - accounts.failedIndexes.size));
}

export function scalingOf(job: Job, accounts: JobAccounts, pods: JobPods, now: number): Scaling {
  const wanted = wantedActive(job, accounts, pods.active.length);
  const unwanted = unwantedPods(job, accounts, pods.active, wanted);
  if (unwanted.length > 0) return { creates: [], deletes: unwanted, waitMs: undefined };
  const occupied = job.spec?.podReplacementPolicy === 'Failed' ? pods.terminating.length : 0;
  const missing = Math.min(wanted - pods.active.length - occupied, BURST_MAX);
  if (missing <= 0) return { creates: [], deletes: [], waitMs: undefined };
  const hasOwnBackoff = job.spec?.backoffLimitPerIndex !== undefined;
  const waitMs = hasOwnBackoff ? 0 : backoffWait(job, pods.all, now);
  if (waitMs > 0) return { creates: [], deletes: [], waitMs };
  if (!isIndexed(job)) return { creates: Array.from({ length: missing }, () => ({})), deletes: [], waitMs: undefined };
  return indexedScaling(job, accounts, pods, { missing, now, hasOwnBackoff });
}

/** Surplus pods, and of pods that share an index or have a finished one all but one. */
function unwantedPods(
  job: Job,
  { completedIndexes, failedIndexes }: JobAccounts,
  active: readonly Stored<Pod>[],
  wanted: number,
): readonly Stored<Pod>[] {
  const kept: Stored<Pod>[] = [];
  const dropped: Stored<Pod>[] = [];
  const taken = new Set([...completedIndexes, ...failedIndexes]);
  for (const pod of active.toSorted((a, b) => byDeletionRank(b, a))) {
    const index = indexOf(pod);
    const isUseless = isIndexed(job) && (index === undefined || index >= completionsOf(job) || taken.has(index));
    (isUseless ? dropped : kept).push(pod);
    if (index !== undefined) taken.add(index);
  }
  return [...dropped, ...kept.slice(Math.max(0, wanted))];
}

function indexedScaling(
  job: Job,
  { completedIndexes, failedIndexes }: JobAccounts,
  { all, active, terminating }: JobPods,
  { missing, now, hasOwnBackoff }: { readonly missing: number; readonly now: number; readonly hasOwnBackoff: boolean },
): Scaling {
  const waitsForTerminating = job.spec?.podReplacementPolicy === 'Failed';
  const busy = [...active, ...(waitsForTerminating ? terminating : [])].map(indexOf);
  const taken = new Set([...completedIndexes, ...failedIndexes, ...busy]);
  const creates: NewPod[] = [];
  const waits: number[] = [];
  for (let index = 0; index < completionsOf(job) && creates.length < missing; index++) {
    if (taken.has(index)) continue;
    if (!hasOwnBackoff) {
      creates.push({ index });
      continue;
    }
    const earlier = all.filter((pod) => indexOf(pod) === index);
    const wait = backoffWait(job, earlier, now);
    if (wait > 0) waits.push(wait);
    else creates.push({ index, ...historyOf(job, earlier) });
  }
  return { creates, deletes: [], waitMs: waits.length > 0 ? Math.min(...waits) : undefined };
}

/** Continues the failure counts of the index's last pod. */
function historyOf(job: Job, earlier: readonly Pod[]): Pick<NewPod, 'failures' | 'ignoredFailures'> {
  const last = earlier.toSorted((a, b) => endOf(b) - endOf(a))[0];
  if (!last) return { failures: 0 };
  const isIgnored = failureVerdict(job, last).action === 'Ignore';
  return {
    failures: failuresBefore(last) + (isIgnored ? 0 : 1),
    ignoredFailures: ignoredFailuresBefore(last) + (isIgnored ? 1 : 0),
  };
}

/** Milliseconds until a pod may follow those that failed since the last success. */
export function backoffWait(job: Job, pods: readonly Pod[], now: number): number {
  const endsOf = (verdict: string): readonly number[] =>
    pods.filter((pod) => verdictOf(job, pod, undefined) === verdict).map(endOf);
  const lastSuccess = Math.max(-Infinity, ...endsOf('succeeded'));
  const failures = endsOf('failed').filter((end) => end > lastSuccess);
  if (failures.length === 0) return 0;
  const delay = Math.min(BACKOFF_MS * 2 ** (failures.length - 1), BACKOFF_MAX_MS);
  return Math.max(0, Math.max(...failures) + delay - now);
}
