import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, JobSpec, JobStatus } from '@reeve/api/batch/v1';
import type { Pod, PodStatus } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { decideJob } from './job-decision.ts';
import type { JobDecision } from './job-decision.ts';
import { TRACKING } from './job-pod.ts';

const START = '2026-01-01T00:00:00Z';
const NOW = Date.parse('2026-01-01T00:10:00Z');

function job(spec: Partial<JobSpec>, status: JobStatus = {}): Job {
  const template = { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } } as const;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work', namespace: 'x', uid: 'job' },
    spec: { parallelism: 1, completions: 1, completionMode: 'NonIndexed', backoffLimit: 6, template, ...spec },
    status: { startTime: START, ...status },
  };
}

/** A job that ends when its pods say so. */
function workQueue({ spec, ...rest }: Job): Job {
  const { completions: _, ...open } = spec ?? { template: {} };
  return { ...rest, spec: open };
}

interface PodFacts {
  readonly phase?: NonNullable<PodStatus['phase']>;
  readonly exitCode?: number;
  readonly index?: number;
  readonly failures?: number;
  readonly finishedAt?: string;
  readonly deleted?: boolean;
  readonly tracked?: boolean;
  readonly conditions?: NonNullable<PodStatus['conditions']>;
}

function pod(name: string, facts: PodFacts = {}): Stored<Pod> {
  const { phase = 'Running', exitCode, finishedAt = START, index, failures, deleted, tracked = true } = facts;
  const annotations = {
    ...(index === undefined ? {} : { 'batch.kubernetes.io/job-completion-index': String(index) }),
    ...(failures === undefined ? {} : { 'batch.kubernetes.io/job-index-failure-count': String(failures) }),
  };
  const terminated = { exitCode: exitCode ?? 0, finishedAt };
  const ended = { name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, state: { terminated } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'x',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: START,
      annotations,
      ...(deleted ? { deletionTimestamp: START } : {}),
      ...(tracked ? { finalizers: [TRACKING] } : {}),
    },
    spec: { nodeName: 'n', containers: [] },
    status: {
      phase,
      ...(facts.conditions ? { conditions: facts.conditions } : {}),
      ...(phase === 'Running' || phase === 'Pending' ? {} : { containerStatuses: [ended] }),
    },
  };
}

/** What a decision amounts to. */
function digest({ status, creates, deletes, untrack, events, requeueAfterMs }: JobDecision): Record<string, unknown> {
  const { conditions = [], uncountedTerminatedPods: uncounted = {} } = status;
  const facts = {
    makes: creates.map(({ index, failures }) => [index, failures].filter((value) => value !== undefined).join('/')),
    deletes: deletes.map(({ metadata }) => metadata.name),
    untracks: untrack.map(({ metadata }) => metadata.name),
    events: events.map(({ reason }) => reason),
    conditions: conditions.map(({ type, status: value, reason }) => `${type}=${value} ${reason ?? ''}`),
    uncounted: [
      ...(uncounted.succeeded ?? []).map((uid) => `+${uid}`),
      ...(uncounted.failed ?? []).map((uid) => `-${uid}`),
    ],
  };
  const filled = Object.entries(facts).filter(([, list]) => list.length > 0);
  return {
    ...Object.fromEntries(filled),
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}

const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3 } as const;
const failJob = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] } as const;
const ignoreDisruption = {
  rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
} as const;
const disrupted = [{ type: 'DisruptionTarget', status: 'True' }] as const;
const target = (type: string, reason: string): NonNullable<JobStatus['conditions']> => [
  { type, status: 'True', reason, message: '' },
];

const cases: readonly {
  readonly name: string;
  readonly job: Job;
  readonly pods?: readonly Stored<Pod>[];
  readonly want: Record<string, unknown>;
}[] = [
  {
    name: 'a new job starts as many pods as run at once',
    job: job({ parallelism: 2, completions: 5 }),
    want: { makes: ['', ''] },
  },
  {
    name: 'no more pods start than completions are missing',
    job: job({ parallelism: 5, completions: 2 }),
    want: { makes: ['', ''] },
  },
  {
    name: 'a job without completions to make is complete at once',
    job: job({ completions: 0 }),
    want: {
      events: ['Completed'],
      conditions: ['SuccessCriteriaMet=True CompletionsReached', 'Complete=True CompletionsReached'],
    },
  },
  {
    name: 'a success is written down before its pod is freed, and announces the end',
    job: job({}),
    pods: [pod('a', { phase: 'Succeeded' })],
    want: { untracks: ['a'], uncounted: ['+a'], conditions: ['SuccessCriteriaMet=True CompletionsReached'] },
  },
  {
    name: 'a pod that is written down but still tracked is freed again and not counted twice',
    job: job({ completions: 2 }, { uncountedTerminatedPods: { succeeded: ['a'] } }),
    pods: [pod('a', { phase: 'Succeeded' })],
    want: { untracks: ['a'], uncounted: ['+a'], makes: [''] },
  },
  {
    name: 'a failure is followed by a pod ten seconds later',
    job: job({}),
    pods: [pod('a', { phase: 'Failed', exitCode: 1, finishedAt: '2026-01-01T00:09:56Z' })],
    want: { untracks: ['a'], uncounted: ['-a'], requeueAfterMs: 6000 },
  },
  {
    name: 'the delay doubles with each failure',
    job: job({}, { failed: 1 }),
    pods: [
      pod('a', { phase: 'Failed', exitCode: 1, finishedAt: '2026-01-01T00:09:40Z', tracked: false }),
      pod('b', { phase: 'Failed', exitCode: 1, finishedAt: '2026-01-01T00:09:55Z' }),
    ],
    want: { untracks: ['b'], uncounted: ['-b'], requeueAfterMs: 15_000 },
  },
  {
    name: 'more failures than backoffLimit end the job; running pods go and count',
    job: job({ backoffLimit: 0, parallelism: 2, completions: 2 }),
    pods: [pod('a', { phase: 'Failed', exitCode: 1 }), pod('b')],
    want: {
      deletes: ['b'],
      untracks: ['a', 'b'],
      uncounted: ['-a', '-b'],
      conditions: ['FailureTarget=True BackoffLimitExceeded'],
    },
  },
  {
    name: 'a failing job is failed only when its last pod has ended',
    job: job({}, { conditions: target('FailureTarget', 'BackoffLimitExceeded') }),
    pods: [pod('a', { deleted: true, tracked: false })],
    want: { conditions: ['FailureTarget=True BackoffLimitExceeded'] },
  },
  {
    name: 'a failing job without pods is failed',
    job: job({}, { conditions: target('FailureTarget', 'BackoffLimitExceeded') }),
    want: {
      events: ['BackoffLimitExceeded'],
      conditions: ['FailureTarget=True BackoffLimitExceeded', 'Failed=True BackoffLimitExceeded'],
    },
  },
  {
    name: 'a suspended job gives its pods up uncounted',
    job: job({ suspend: true }),
    pods: [pod('a')],
    want: { deletes: ['a'], untracks: ['a'], events: ['Suspended'], conditions: ['Suspended=True JobSuspended'] },
  },
  {
    name: 'a resumed job starts',
    job: job({}, { conditions: target('Suspended', 'JobSuspended') }),
    want: { makes: [''], events: ['Resumed'], conditions: ['Suspended=False JobResumed'] },
  },
  {
    name: 'a job past its deadline fails',
    job: job({ activeDeadlineSeconds: 600 }),
    pods: [pod('a')],
    want: { deletes: ['a'], untracks: ['a'], uncounted: ['-a'], conditions: ['FailureTarget=True DeadlineExceeded'] },
  },
  {
    name: 'a job is looked at again at its deadline',
    job: job({ activeDeadlineSeconds: 601 }),
    pods: [pod('a')],
    want: { requeueAfterMs: 1000 },
  },
  {
    name: 'only missing indexes start, the lowest first',
    job: job({ ...indexed, parallelism: 2 }, { completedIndexes: '1' }),
    pods: [pod('a', { index: 0 })],
    want: { makes: ['2'] },
  },
  {
    name: 'of two pods with one index one goes',
    job: job({ ...indexed, parallelism: 1 }),
    pods: [pod('a', { index: 0, phase: 'Pending' }), pod('b', { index: 0 })],
    want: { deletes: ['a'], untracks: ['a'] },
  },
  {
    name: 'an exit code that fails the job does so below backoffLimit',
    job: job({ podFailurePolicy: failJob }),
    pods: [pod('a', { phase: 'Failed', exitCode: 42 })],
    want: { untracks: ['a'], uncounted: ['-a'], conditions: ['FailureTarget=True PodFailurePolicy'] },
  },
  {
    name: 'an ignored failure is neither counted nor waited for',
    job: job({ backoffLimit: 0, podFailurePolicy: ignoreDisruption }),
    pods: [pod('a', { phase: 'Failed', exitCode: 137, conditions: [...disrupted] })],
    want: { untracks: ['a'], makes: [''] },
  },
  {
    name: 'an index within its own limit is tried again and remembers its failures',
    job: job({ ...indexed, completions: 1, backoffLimitPerIndex: 1 }),
    pods: [pod('a', { phase: 'Failed', exitCode: 1, index: 0, failures: 0 })],
    want: { untracks: ['a'], uncounted: ['-a'], makes: ['0/1'] },
  },
  {
    name: 'a failed index does not stop the others',
    job: job({ ...indexed, completions: 2, backoffLimitPerIndex: 0 }),
    pods: [pod('a', { phase: 'Failed', exitCode: 1, index: 0, failures: 0 }), pod('b', { index: 1 })],
    want: { untracks: ['a'], uncounted: ['-a'] },
  },
  {
    name: 'the job fails when every index has ended and one failed',
    job: job({ ...indexed, completions: 2, backoffLimitPerIndex: 0 }, { failedIndexes: '0', completedIndexes: '1' }),
    want: { events: ['FailedIndexes'], conditions: ['FailureTarget=True FailedIndexes', 'Failed=True FailedIndexes'] },
  },
  {
    name: 'more failed indexes than allowed fail the job',
    job: job({ ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 0 }, { failedIndexes: '0' }),
    pods: [pod('b', { index: 1 })],
    want: {
      deletes: ['b'],
      untracks: ['b'],
      uncounted: ['-b'],
      conditions: ['FailureTarget=True MaxFailedIndexesExceeded'],
    },
  },
  {
    name: 'a success policy ends the job early; pods that are left do not count',
    job: job({ ...indexed, successPolicy: { rules: [{ succeededIndexes: '0' }] } }),
    pods: [pod('a', { phase: 'Succeeded', index: 0 }), pod('b', { index: 1 })],
    want: { deletes: ['b'], untracks: ['a', 'b'], conditions: ['SuccessCriteriaMet=True SuccessPolicy'] },
  },
  {
    name: 'a work queue starts nothing more after its first success, but lets the others end',
    job: workQueue(job({ parallelism: 2 }, { succeeded: 1 })),
    pods: [pod('b')],
    want: {},
  },
  {
    name: 'a deleted pod counts as failed and is replaced',
    job: job({}),
    pods: [pod('a', { deleted: true })],
    want: { untracks: ['a'], uncounted: ['-a'], makes: [''] },
  },
  {
    name: 'with podReplacementPolicy Failed a terminating pod keeps its place',
    job: job({ podReplacementPolicy: 'Failed' }),
    pods: [pod('a', { deleted: true })],
    want: {},
  },
];

for (const { name, job: given, pods = [], want } of cases)
  test(name, () => assert.deepEqual(digest(decideJob(given, pods, NOW)), want));

test('counters follow once the finalizer is gone', () => {
  const { status } = decideJob(
    job(
      { completions: 3, parallelism: 0 },
      { failed: 1, uncountedTerminatedPods: { succeeded: ['a'], failed: ['b'] } },
    ),
    [pod('a', { phase: 'Succeeded', tracked: false })],
    NOW,
  );
  assert.deepEqual([status.succeeded, status.failed, status.uncountedTerminatedPods], [1, 2, {}]);
});
