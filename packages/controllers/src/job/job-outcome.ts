import type { Job } from '@reeve/api/batch/v1';
import type { Pod } from '@reeve/api/core/v1';
import { parseIndexes } from './index-set.ts';
import { completionsOf, totals } from './job-accounts.ts';
import type { Ending, JobAccounts } from './job-accounts.ts';
import { isIndexed, isTracked } from './job-pod.ts';
import { failureVerdict } from './pod-failure-policy.ts';

/** How a job ends: the reason is first written as a target, and as final once no pod is left (KEP-3939). */
export interface JobOutcome {
  readonly ending: NonNullable<Ending>;
  readonly reason: string;
  readonly message: string;
}

const failing = (reason: string, message: string): JobOutcome => ({ ending: 'failing', reason, message });

/** The outcome that the status has announced already. */
export function announcedOutcome({ status }: Job): JobOutcome | undefined {
  const of = (type: string): { readonly reason: string; readonly message: string } | undefined => {
    const found = status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    return found && { reason: found.reason ?? '', message: found.message ?? '' };
  };
  const [failure, success] = [of('FailureTarget'), of('SuccessCriteriaMet')];
  if (failure) return { ending: 'failing', ...failure };
  return success && { ending: 'succeeding', ...success };
}

/** Whether the job's end is decided, failures first; undefined: it goes on. */
export function outcomeOf(
  job: Job,
  accounts: JobAccounts,
  pods: { readonly all: readonly Pod[]; readonly active: readonly Pod[] },
  now: number,
): JobOutcome | undefined {
  return (
    failureOf(job, accounts, pods, now) ??
    successPolicyOutcome(job, accounts) ??
    failedIndexesOutcome(job, accounts) ??
    completionOutcome(job, accounts, pods.active)
  );
}

function failureOf(
  job: Job,
  accounts: JobAccounts,
  { all, active }: { readonly all: readonly Pod[]; readonly active: readonly Pod[] },
  now: number,
): JobOutcome | undefined {
  for (const pod of all.filter(isTracked)) {
    const { action, message } = failureVerdict(job, pod);
    if (action === 'FailJob') return failing('PodFailurePolicy', message);
  }
  const limit = job.spec?.backoffLimit ?? 6;
  if (totals(accounts).failed > limit || restartsExceed(job, active, limit))
    return failing('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const wait = deadlineWait(job, now);
  return wait !== undefined && wait <= 0
    ? failing('DeadlineExceeded', 'Job was active longer than specified deadline')
    : undefined;
}

/** With restartPolicy OnFailure the kubelet restarts containers; those restarts count instead of pods. */
function restartsExceed({ spec }: Job, active: readonly Pod[], limit: number): boolean {
  if (spec?.template?.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = active
    .flatMap(({ status }) => [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Milliseconds until `activeDeadlineSeconds` ends the job; undefined: it has no deadline, or its clock stands still. */
export function deadlineWait({ spec, status }: Job, now: number): number | undefined {
  const seconds = spec?.activeDeadlineSeconds;
  if (seconds === undefined || spec?.suspend === true || status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + seconds * 1000 - now;
}

function successPolicyOutcome(job: Job, { completedIndexes }: JobAccounts): JobOutcome | undefined {
  const rules = job.spec?.successPolicy?.rules ?? [];
  const matching = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completionsOf(job));
    const met = wanted === undefined ? completedIndexes : wanted.intersection(completedIndexes);
    return met.size >= (succeededCount ?? wanted?.size ?? Infinity);
  });
  if (matching < 0) return undefined;
  return { ending: 'succeeding', reason: 'SuccessPolicy', message: `Matched rules at index ${matching}` };
}

function failedIndexesOutcome(job: Job, { failedIndexes, completedIndexes }: JobAccounts): JobOutcome | undefined {
  if (job.spec?.backoffLimitPerIndex === undefined || failedIndexes.size === 0) return undefined;
  if (failedIndexes.size > (job.spec.maxFailedIndexes ?? Infinity))
    return failing('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  return failedIndexes.size + completedIndexes.size >= completionsOf(job)
    ? failing('FailedIndexes', 'Job has failed indexes')
    : undefined;
}

function completionOutcome(job: Job, accounts: JobAccounts, active: readonly Pod[]): JobOutcome | undefined {
  const { succeeded } = totals(accounts);
  const isWorkQueue = job.spec?.completions === undefined && !isIndexed(job);
  const isComplete = isWorkQueue ? succeeded > 0 && active.length === 0 : succeeded >= completionsOf(job);
  if (!isComplete) return undefined;
  return {
    ending: 'succeeding',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  };
}
