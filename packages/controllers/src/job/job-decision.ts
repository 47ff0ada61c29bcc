import { formatTime } from '@reeve/api';
import type { Job, JobCondition, JobStatus } from '@reeve/api/batch/v1';
import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import type { EventInput } from '@reeve/operator';
import { isActive, isTerminating, readySince } from '../pod-state.ts';
import { formatIndexes } from './index-set.ts';
import { accountsOf } from './job-accounts.ts';
import type { JobAccounts } from './job-accounts.ts';
import { announcedOutcome, deadlineWait, outcomeOf } from './job-outcome.ts';
import type { JobOutcome } from './job-outcome.ts';
import { isIndexed, isTracked } from './job-pod.ts';
import type { NewPod } from './job-pod.ts';
import { scalingOf } from './job-scale.ts';
import type { JobPods } from './job-scale.ts';

/** Everything to do for a job now, in this order: write the status, delete, untrack, create. */
export interface JobDecision {
  readonly status: JobStatus;
  /** Pods to delete; they stay tracked, and count, only if the job is failing. */
  readonly deletes: readonly Stored<Pod>[];
  readonly untrack: readonly Stored<Pod>[];
  readonly creates: readonly NewPod[];
  readonly events: readonly EventInput[];
  readonly requeueAfterMs: number | undefined;
}

/** Whether the job has reached its end, either way. */
export function endCondition({ status }: Job): JobCondition | undefined {
  return status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
}

/** Decides about a job that has not ended, from what is known of its pods. */
export function decideJob(job: Job, all: readonly Stored<Pod>[], now: number): JobDecision {
  const pods: JobPods = { all, active: all.filter(isActive), terminating: all.filter(isTerminating) };
  const announced = announcedOutcome(job);
  const first = accountsOf(job, all, announced?.ending);
  const outcome = announced ?? outcomeOf(job, first, pods, now);
  const accounts =
    outcome === announced ? first : { ...accountsOf(job, all, outcome?.ending), failedIndexes: first.failedIndexes };
  const scaling = outcome
    ? { creates: [], deletes: pods.active, waitMs: undefined }
    : scalingOf(job, accounts, pods, now);
  const hasEnded = outcome !== undefined && isSettled(pods, accounts);
  const waits = [scaling.waitMs, outcome ? undefined : deadlineWait(job, now)].filter((wait) => wait !== undefined);
  return {
    status: statusOf(job, { pods, accounts, outcome, hasEnded, leaving: scaling.deletes.length }, now),
    deletes: scaling.deletes,
    untrack:
      outcome?.ending === 'failing'
        ? accounts.untrack
        : [...new Set([...accounts.untrack, ...scaling.deletes.filter(isTracked)])],
    creates: scaling.creates,
    events: [...suspensionEvents(job, outcome), ...(hasEnded ? [endEvent(outcome)] : [])],
    requeueAfterMs: waits.length > 0 ? Math.max(0, Math.min(...waits)) : undefined,
  };
}

function isSettled({ all, active, terminating }: JobPods, { uncounted }: JobAccounts): boolean {
  return (
    active.length === 0 &&
    terminating.length === 0 &&
    !all.some(isTracked) &&
    uncounted.succeeded.length + uncounted.failed.length === 0
  );
}

interface JobState {
  readonly pods: JobPods;
  readonly accounts: JobAccounts;
  readonly outcome: JobOutcome | undefined;
  readonly hasEnded: boolean;
  /** Active pods that are deleted in this pass. */
  readonly leaving: number;
}

function statusOf(job: Job, state: JobState, now: number): JobStatus {
  const { pods, accounts, outcome, hasEnded } = state;
  const counters = {
    active: pods.active.length - state.leaving,
    succeeded: accounts.succeeded,
    failed: accounts.failed,
  };
  const uncounted = Object.entries(accounts.uncounted).filter(([, uids]) => uids.length > 0);
  const conditions = conditionsOf(job, state, now);
  const isSuspended = job.spec?.suspend === true && !outcome;
  const startTime = isSuspended ? undefined : (job.status?.startTime ?? formatTime(now));
  return {
    ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)),
    ready: outcome ? 0 : pods.active.filter((pod) => readySince(pod) !== undefined).length,
    terminating: pods.terminating.length,
    uncountedTerminatedPods: Object.fromEntries(uncounted),
    ...(startTime === undefined ? {} : { startTime }),
    ...(hasEnded && outcome?.ending === 'succeeding' ? { completionTime: formatTime(now) } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(isIndexed(job) && accounts.completedIndexes.size > 0
      ? { completedIndexes: formatIndexes(accounts.completedIndexes) }
      : {}),
    ...(job.spec?.backoffLimitPerIndex === undefined ? {} : { failedIndexes: formatIndexes(accounts.failedIndexes) }),
  };
}

function conditionsOf(job: Job, { outcome, hasEnded }: JobState, now: number): readonly JobCondition[] {
  const time = formatTime(now);
  const conditions = [...(job.status?.conditions ?? [])];
  const put = (type: string, status: 'True' | 'False', reason: string, message: string): void => {
    const index = conditions.findIndex((condition) => condition.type === type);
    if (conditions[index]?.status === status) return;
    const condition = { type, status, reason, message, lastProbeTime: time, lastTransitionTime: time };
    if (index < 0) conditions.push(condition);
    else conditions[index] = condition;
  };
  const suspension = suspensionChange(job, outcome);
  if (suspension === 'suspended') put('Suspended', 'True', 'JobSuspended', 'Job suspended');
  if (suspension === 'resumed') put('Suspended', 'False', 'JobResumed', 'Job resumed');
  if (!outcome) return conditions;
  const [target, final] =
    outcome.ending === 'failing'
      ? (['FailureTarget', 'Failed'] as const)
      : (['SuccessCriteriaMet', 'Complete'] as const);
  put(target, 'True', outcome.reason, outcome.message);
  if (hasEnded) put(final, 'True', outcome.reason, outcome.message);
  return conditions;
}

function suspensionChange({ spec, status }: Job, outcome: JobOutcome | undefined): 'suspended' | 'resumed' | undefined {
  const known = status?.conditions?.find(({ type }) => type === 'Suspended')?.status === 'True';
  const wanted = spec?.suspend === true;
  if (known === wanted || outcome) return undefined;
  return wanted ? 'suspended' : 'resumed';
}

function suspensionEvents(job: Job, outcome: JobOutcome | undefined): readonly EventInput[] {
  switch (suspensionChange(job, outcome)) {
    case 'suspended':
      return [{ reason: 'Suspended', note: 'Job suspended' }];
    case 'resumed':
      return [{ reason: 'Resumed', note: 'Job resumed' }];
    case undefined:
      return [];
  }
}

function endEvent({ ending, reason, message }: JobOutcome): EventInput {
  return ending === 'succeeding'
    ? { reason: 'Completed', note: 'Job completed' }
    : { type: 'Warning', reason, note: message };
}
