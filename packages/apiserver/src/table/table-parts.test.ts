import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { humanDuration } from './duration.ts';
import { parseJSONPath } from './json-path.ts';
import { summarizePod } from './pod-status.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

interface PodCase {
  readonly name: string;
  readonly pod: ObjectValue;
  readonly status: string;
}

const containers = [{ name: 'c', image: 'i' }];
const waiting = (reason: string): ObjectValue => ({ name: 'c', restartCount: 0, state: { waiting: { reason } } });
const terminated = (details: ObjectValue): ObjectValue => ({
  name: 'c',
  restartCount: 0,
  state: { terminated: details },
});
const pods: readonly PodCase[] = [
  { name: 'a new pod shows its phase', pod: { spec: { containers }, status: { phase: 'Pending' } }, status: 'Pending' },
  {
    name: 'a reason of the pod comes before its phase',
    pod: { spec: { containers }, status: { phase: 'Failed', reason: 'Evicted' } },
    status: 'Evicted',
  },
  {
    name: 'a waiting container says why',
    pod: { spec: { containers }, status: { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] } },
    status: 'ImagePullBackOff',
  },
  {
    name: 'a container that ended without a reason shows its exit code',
    pod: { spec: { containers }, status: { phase: 'Failed', containerStatuses: [terminated({ exitCode: 3 })] } },
    status: 'ExitCode:3',
  },
  {
    name: 'init containers are counted while they run',
    pod: {
      spec: { containers, initContainers: [{ name: 'a' }, { name: 'b' }] },
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'a', state: { terminated: { exitCode: 0 } } },
          { name: 'b', state: { running: {} } },
        ],
      },
    },
    status: 'Init:1/2',
  },
  {
    name: 'a pod that is being deleted is terminating',
    pod: {
      metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' },
      spec: { containers },
      status: { phase: 'Running' },
    },
    status: 'Terminating',
  },
  {
    name: 'a pod held back by gates is gated',
    pod: {
      spec: { containers },
      status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    },
    status: 'SchedulingGated',
  },
];

for (const { name, pod, status } of pods) test(name, () => assert.equal(summarizePod(pod, now).status, status));

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const durations: readonly (readonly [number, string])[] = [
  [0, '0s'],
  [119 * second, '119s'],
  [3 * minute + 5 * second, '3m5s'],
  [45 * minute, '45m'],
  [5 * hour + 30 * minute, '5h30m'],
  [30 * hour, '30h'],
  [3 * day + 4 * hour, '3d4h'],
  [400 * day, '400d'],
  [800 * day, '2y70d'],
  [-5 * second, '<invalid>'],
];
for (const [milliseconds, text] of durations) {
  test(`${milliseconds} milliseconds are ${text}`, () => assert.equal(humanDuration(milliseconds), text));
}

const widget: ObjectValue = {
  spec: { replicas: 3, 'a.b': 'dotted', list: [1, 2, 3] },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};
const paths: readonly (readonly [string, readonly unknown[] | undefined])[] = [
  ['.spec.replicas', [3]],
  ['.spec.nope', []],
  ['.spec.a\\.b', ['dotted']],
  ['.spec.list[*]', [1, 2, 3]],
  ['.spec.list[-1]', [3]],
  ['.spec.list[0:2]', [1, 2]],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  ['.spec[', undefined],
];
for (const [path, found] of paths) {
  test(`${path} finds ${JSON.stringify(found)}`, () => assert.deepEqual(parseJSONPath(path)?.(widget), found));
}
