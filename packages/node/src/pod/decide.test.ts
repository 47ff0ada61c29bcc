import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PodSpec } from '@reeve/api/core/v1';

import { decide } from './decide.ts';
import type { PodAction } from './decide.ts';
import { containersOf, newRecord } from './record.ts';
import type { ContainerPhase, ContainerRecord, FinishedRun } from './record.ts';
import type { PodSituation } from './situation.ts';

const now = 1_000_000;
const running: ContainerPhase = { is: 'running', id: 'r', startedAt: now - 5000 };
const ended = (exitCode: number, finishedAt = now): ContainerPhase => ({
  is: 'ended',
  run: { id: 'e', exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now - 9000, finishedAt },
});

const lost: FinishedRun = { id: 'l', exitCode: 255, reason: 'Unknown', startedAt: now - 9000, finishedAt: now };

const oneMain: PodSpec = { containers: [{ name: 'main' }] };
const full: PodSpec = {
  initContainers: [{ name: 'init' }, { name: 'side', restartPolicy: 'Always' }],
  containers: [{ name: 'main' }, { name: 'other' }],
};

interface Case {
  readonly name: string;
  readonly spec?: PodSpec;
  readonly records?: Readonly<Record<string, Partial<ContainerRecord>>>;
  readonly situation?: Partial<PodSituation>;
  readonly actions: readonly PodAction[];
  readonly wakeAt?: number;
}

const start = (container: string): PodAction => ({ do: 'start', container });
const stop = (container: string, killAt: number): PodAction => ({ do: 'stop', container, killAt });

const cases: readonly Case[] = [
  {
    name: 'a new pod gets its network and volumes first',
    situation: { setup: { is: 'none' } },
    actions: [{ do: 'setUp' }],
  },
  {
    name: 'a failed set-up waits for its next try',
    situation: { setup: { is: 'none', notBefore: now + 500 } },
    actions: [],
    wakeAt: now + 500,
  },
  { name: 'nothing starts while it is being set up', situation: { setup: { is: 'busy' } }, actions: [] },
  {
    name: 'main containers start together',
    spec: { containers: full.containers },
    actions: [start('main'), start('other')],
  },
  { name: 'the first init container starts alone', spec: full, actions: [start('init')] },
  {
    name: 'a running init container holds back the rest',
    spec: full,
    records: { init: { phase: running } },
    actions: [],
  },
  {
    name: 'a finished init container lets the sidecar start',
    spec: full,
    records: { init: { phase: ended(0) } },
    actions: [start('side')],
  },
  {
    name: 'a sidecar that has not started yet holds back the main containers',
    spec: full,
    records: { init: { phase: ended(0) }, side: { phase: running } },
    actions: [],
  },
  {
    name: 'a started sidecar lets the main containers start',
    spec: full,
    records: { init: { phase: ended(0) }, side: { phase: running, started: true } },
    actions: [start('main'), start('other')],
  },
  {
    name: 'a crashed sidecar is restarted beside running main containers',
    spec: full,
    records: {
      init: { phase: ended(0) },
      side: { phase: ended(1) },
      main: { phase: running },
      other: { phase: running },
    },
    actions: [start('side')],
  },
  {
    name: 'a failed init container is tried again',
    spec: full,
    records: { init: { phase: ended(1) } },
    actions: [start('init')],
  },
  {
    name: 'a failed init container ends a pod that never restarts',
    spec: { ...full, restartPolicy: 'Never' },
    records: { init: { phase: ended(1) } },
    actions: [{ do: 'tearDown' }],
  },
  {
    name: 'after a power cut the init containers run again first',
    spec: full,
    records: { main: { last: lost } },
    actions: [start('init')],
  },
  { name: 'a first crash is restarted at once', records: { main: { phase: ended(1) } }, actions: [start('main')] },
  {
    name: 'a second crash backs off from its end',
    records: { main: { phase: ended(1, now - 2000), crashBackoff: { delayMs: 10_000, updatedAt: now - 3000 } } },
    actions: [{ do: 'backOff', container: 'main', until: now + 8000 }],
    wakeAt: now + 8000,
  },
  {
    name: 'a container that backs off waits',
    records: { main: { phase: { is: 'waiting', reason: 'CrashLoopBackOff', notBefore: now + 8000 } } },
    actions: [],
    wakeAt: now + 8000,
  },
  {
    name: 'a container that has backed off starts',
    records: { main: { phase: { is: 'waiting', reason: 'CrashLoopBackOff', notBefore: now } } },
    actions: [start('main')],
  },
  {
    name: 'a crash after ten good minutes is restarted at once',
    records: { main: { phase: ended(1), crashBackoff: { delayMs: 160_000, updatedAt: now - 600_001 } } },
    actions: [start('main')],
  },
  {
    name: 'a pod that restarts on failure lets a good end be',
    spec: { containers: full.containers, restartPolicy: 'OnFailure' },
    records: { main: { phase: ended(0) }, other: { phase: running } },
    actions: [],
  },
  {
    name: 'a pod that restarts on failure restarts a failure',
    spec: { containers: full.containers, restartPolicy: 'OnFailure' },
    records: { main: { phase: ended(2) }, other: { phase: running } },
    actions: [start('main')],
  },
  {
    name: 'when the main containers have succeeded the sidecar is stopped',
    spec: { ...full, restartPolicy: 'Never' },
    records: {
      init: { phase: ended(0) },
      side: { phase: running },
      main: { phase: ended(0) },
      other: { phase: ended(0) },
    },
    actions: [stop('side', now + 30_000)],
  },
  {
    name: 'a finished pod frees what it holds',
    spec: { ...oneMain, restartPolicy: 'Never' },
    records: { main: { phase: ended(0) } },
    actions: [{ do: 'tearDown' }],
  },
  {
    name: 'a finished pod stays as it is',
    spec: { ...oneMain, restartPolicy: 'Never' },
    records: { main: { phase: ended(0) } },
    situation: { setup: { is: 'gone' } },
    actions: [],
  },
  {
    name: 'a deleted pod stops main containers before sidecars',
    spec: full,
    records: {
      init: { phase: ended(0) },
      side: { phase: running },
      main: { phase: running },
      other: { phase: ended(0) },
    },
    situation: { deletionTime: now + 4000 },
    actions: [stop('main', now + 4000)],
  },
  {
    name: 'the sidecar of a deleted pod goes last',
    spec: full,
    records: { side: { phase: running }, main: { phase: ended(0) }, other: { phase: ended(0) } },
    situation: { deletionTime: now + 4000 },
    actions: [stop('side', now + 4000)],
  },
  {
    name: 'a container that is being stopped is not told twice',
    records: { main: { phase: { ...running, killAt: now + 4000 } as ContainerPhase } },
    situation: { deletionTime: now + 4000 },
    actions: [],
  },
  {
    name: 'a more urgent delete shortens the time',
    records: { main: { phase: { ...running, killAt: now + 30_000 } as ContainerPhase } },
    situation: { deletionTime: now + 1000 },
    actions: [stop('main', now + 1000)],
  },
  {
    name: 'a deleted pod waits for a container that is just starting',
    records: { main: { phase: { is: 'starting' } } },
    situation: { deletionTime: now },
    actions: [],
  },
  {
    name: 'a deleted pod whose containers have ended is torn down',
    records: { main: { phase: ended(137) } },
    situation: { deletionTime: now },
    actions: [{ do: 'tearDown' }],
  },
  {
    name: 'a deleted pod of which nothing is left is removed',
    records: { main: { phase: ended(137) } },
    situation: { deletionTime: now, setup: { is: 'gone' } },
    actions: [{ do: 'remove' }],
  },
  {
    name: 'a pod that never started is removed after its set-up is undone',
    situation: { deletionTime: now, setup: { is: 'busy' } },
    actions: [],
  },
  {
    name: 'a pod has its deadline',
    spec: { ...oneMain, activeDeadlineSeconds: 60 },
    records: { main: { phase: running } },
    situation: { startTime: now - 10_000 },
    actions: [],
    wakeAt: now + 50_000,
  },
  {
    name: 'a pod over its deadline fails',
    spec: { ...oneMain, activeDeadlineSeconds: 60 },
    records: { main: { phase: running } },
    situation: { startTime: now - 60_000 },
    actions: [
      {
        do: 'fail',
        failure: {
          reason: 'DeadlineExceeded',
          message: 'Pod was active on the node longer than the specified deadline',
        },
      },
    ],
  },
  {
    name: 'a failed pod stops its containers within its grace period',
    spec: { ...oneMain, terminationGracePeriodSeconds: 5 },
    records: { main: { phase: running } },
    situation: { failure: { reason: 'DeadlineExceeded', message: '' } },
    actions: [stop('main', now + 5000)],
  },
];

for (const { name, spec = oneMain, records = {}, situation = {}, actions, wakeAt } of cases) {
  test(name, () => {
    const all = containersOf(spec).map(({ container, kind }) => ({
      ...newRecord(container.name, kind),
      ...records[container.name],
    }));
    const base: PodSituation = {
      spec,
      records: all,
      setup: { is: 'ready' },
      startTime: now,
      deletionTime: undefined,
      failure: undefined,
    };
    const decision = decide({ ...base, ...situation }, now);
    assert.deepEqual(decision.actions, actions);
    assert.equal(decision.wakeAt, wakeAt);
  });
}
