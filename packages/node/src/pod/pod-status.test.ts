import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Pod, PodSpec } from '@reeve/api/core/v1';

import { nextBackoff, restartTime } from './backoff.ts';
import { podPhase } from './phase.ts';
import { podStatus } from './pod-status.ts';
import { containersOf, newRecord } from './record.ts';
import type { ContainerPhase, ContainerRecord } from './record.ts';
import { restoreRecords } from './restore.ts';

const now = Date.parse('2026-01-02T03:04:05Z');
const running: ContainerPhase = { is: 'running', id: 'r', startedAt: now };
const ended = (exitCode: number): ContainerPhase => ({
  is: 'ended',
  run: { id: 'e', exitCode, reason: 'Error', startedAt: now, finishedAt: now },
});
const waiting: ContainerPhase = { is: 'waiting', reason: 'ContainerCreating' };
const two: PodSpec = { containers: [{ name: 'a' }, { name: 'b' }] };

function recordsOf(
  spec: PodSpec,
  phases: readonly ContainerPhase[],
  more: Partial<ContainerRecord> = {},
): ContainerRecord[] {
  return containersOf(spec).map(({ container, kind }, index) => ({
    ...newRecord(container.name, kind),
    ...more,
    phase: phases[index] ?? waiting,
  }));
}

const phases: readonly { name: string; policy?: PodSpec['restartPolicy']; states: ContainerPhase[]; phase: string }[] =
  [
    { name: 'nothing runs yet', states: [waiting, waiting], phase: 'Pending' },
    { name: 'one has not run yet', states: [running, waiting], phase: 'Pending' },
    { name: 'all run', states: [running, running], phase: 'Running' },
    { name: 'one has ended, to be restarted', states: [running, ended(1)], phase: 'Running' },
    { name: 'all have ended, to be restarted', states: [ended(0), ended(0)], phase: 'Running' },
    { name: 'all have ended well', policy: 'Never', states: [ended(0), ended(0)], phase: 'Succeeded' },
    { name: 'one has failed for good', policy: 'Never', states: [ended(0), ended(1)], phase: 'Failed' },
    { name: 'one has failed but another still runs', policy: 'Never', states: [running, ended(1)], phase: 'Running' },
    { name: 'one has failed and is tried again', policy: 'OnFailure', states: [ended(0), ended(1)], phase: 'Running' },
    {
      name: 'all have ended well on failure policy',
      policy: 'OnFailure',
      states: [ended(0), ended(0)],
      phase: 'Succeeded',
    },
  ];

for (const { name, policy, states, phase } of phases) {
  test(`a pod of which ${name} is ${phase}`, () => {
    const spec = policy === undefined ? two : { ...two, restartPolicy: policy };
    assert.equal(podPhase({ spec, records: recordsOf(spec, states), failure: undefined }), phase);
  });
}

const pod: Pod = { metadata: { name: 'p', namespace: 'n', generation: 3 }, spec: two };

function statusOf(records: readonly ContainerRecord[], spec: PodSpec = two): ReturnType<typeof podStatus> {
  const situation = {
    spec,
    records,
    setup: { is: 'ready' },
    startTime: now,
    deletionTime: undefined,
    failure: undefined,
  } as const;
  return podStatus({ pod: { ...pod, spec }, situation, podIP: '10.244.0.2', hostIP: '10.244.0.1', previous: [] }, now);
}

test('a pod is Ready when all its containers are', () => {
  const status = statusOf(recordsOf(two, [running, running], { ready: true, started: true }));
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  assert.deepEqual(ready, {
    type: 'Ready',
    status: 'True',
    observedGeneration: 3,
    lastTransitionTime: '2026-01-02T03:04:05Z',
  });
});

test('unready containers are named', () => {
  const status = statusOf(recordsOf(two, [running, waiting]));
  const ready = status.conditions?.find(({ type }) => type === 'ContainersReady');
  assert.equal(ready?.reason, 'ContainersNotReady');
  assert.equal(ready?.message, 'containers with unready status: [a b]');
});

test('a readiness gate holds a pod back', () => {
  const spec: PodSpec = { ...two, readinessGates: [{ conditionType: 'example.com/go' }] };
  const status = statusOf(recordsOf(spec, [running, running], { ready: true }), spec);
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  assert.equal(ready?.message, 'corresponding condition of pod readiness gate "example.com/go" does not exist.');
});

test('main containers wait for initialisation by name', () => {
  const spec: PodSpec = { initContainers: [{ name: 'i' }], containers: [{ name: 'a' }] };
  const status = statusOf(recordsOf(spec, [running, waiting]), spec);
  assert.equal(status.containerStatuses?.[0]?.state?.waiting?.reason, 'PodInitializing');
  assert.equal(status.phase, 'Pending');
});

test('a condition that does not flip keeps its time', () => {
  const records = recordsOf(two, [running, running], { ready: true });
  const situation = {
    spec: two,
    records,
    setup: { is: 'ready' },
    startTime: now,
    deletionTime: undefined,
    failure: undefined,
  } as const;
  const input = { pod, situation, podIP: undefined, hostIP: '10.244.0.1' };
  const first = podStatus({ ...input, previous: [] }, now);
  const second = podStatus({ ...input, previous: first.conditions ?? [] }, now + 60_000);
  assert.deepEqual(second, first);
});

test('restarts back off from 10 s to 300 s, counted from the end of the run', () => {
  let backoff = nextBackoff(undefined, now);
  const delays = [backoff.delayMs];
  for (let crash = 0; crash < 6; crash++) {
    backoff = nextBackoff(backoff, now);
    delays.push(backoff.delayMs);
  }
  assert.deepEqual(delays, [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  assert.equal(restartTime({ delayMs: 20_000, updatedAt: now }, { finishedAt: now + 1000 }), now + 21_000);
});

test('a container that ran when the node lost power is restarted with a count', () => {
  const [record] = restoreRecords(
    {
      spec: { containers: [{ name: 'a' }] },
      status: {
        containerStatuses: [
          {
            name: 'a',
            image: 'i',
            imageID: 'deb://i',
            ready: true,
            restartCount: 4,
            containerID: 'process://abc',
            state: { running: { startedAt: '2026-01-02T03:00:00Z' } },
          },
        ],
      },
    },
    now,
  );
  assert.equal(record?.restarts, 4);
  assert.equal(record?.phase.is, 'waiting');
  assert.deepEqual(record?.last, {
    id: 'abc',
    exitCode: 255,
    reason: 'Unknown',
    startedAt: Date.parse('2026-01-02T03:00:00Z'),
    finishedAt: now,
  });
});

test('a container that had ended stays ended after a power cut', () => {
  const state = { terminated: { exitCode: 0, reason: 'Completed' } };
  const containerStatuses = [{ name: 'a', image: 'i', imageID: '', ready: false, restartCount: 0, state }];
  const [record] = restoreRecords({ spec: { containers: [{ name: 'a' }] }, status: { containerStatuses } }, now);
  assert.equal(record?.phase.is, 'ended');
});
