import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '@reeve/api/core/v1';
import { podState } from './pod-state.ts';

const nodes: Readonly<Record<string, Node>> = {
  good: { metadata: { name: 'good' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  silent: { metadata: { name: 'silent' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
};
const pod = (status: Pod['status'], more: Pod['metadata'] = {}, nodeName?: string): Pod => ({
  metadata: { name: 'db-1', uid: 'u', ...more },
  spec: { containers: [{ name: 'db' }], ...(nodeName ? { nodeName } : {}) },
  ...(status ? { status } : {}),
});
const waiting = (reason: string): Pod['status'] => ({
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'db',
      image: 'i',
      imageID: '',
      ready: false,
      restartCount: 2,
      state: { waiting: { reason, message: 'why' } },
    },
  ],
});
const read = (of: Pod | undefined): ReturnType<typeof podState> => podState(of, (name) => nodes[name], 'db');

const cases: readonly { title: string; pod: Pod | undefined; expected: Record<string, unknown> }[] = [
  { title: 'no pod is absent', pod: undefined, expected: { state: 'absent' } },
  { title: 'a pod without a status is pending', pod: pod(undefined), expected: { state: 'pending', node: 'none' } },
  {
    title: 'a ready pod on a good node runs',
    pod: pod({ phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] }, {}, 'good'),
    expected: { state: 'running', ready: true, ip: '10.0.0.1', node: 'ready' },
  },
  {
    title: 'a pod on a silent node has an unknown node',
    pod: pod({ phase: 'Running' }, {}, 'silent'),
    expected: { state: 'running', ready: false, node: 'unknown' },
  },
  {
    title: 'a pod whose node was deleted has none',
    pod: pod({ phase: 'Running' }, {}, 'x'),
    expected: { node: 'gone' },
  },
  {
    title: 'a pod being deleted is terminating',
    pod: pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    expected: { state: 'terminating' },
  },
  { title: 'an evicted pod is finished', pod: pod({ phase: 'Failed' }), expected: { state: 'finished' } },
  {
    title: 'an image that can not be had is a problem',
    pod: pod(waiting('ErrImagePull')),
    expected: { state: 'pending', restarts: 2, problem: { reason: 'ErrImagePull', message: 'why' } },
  },
  { title: 'creating a container is none', pod: pod(waiting('ContainerCreating')), expected: { problem: undefined } },
  {
    title: 'no room on any node is a problem',
    pod: pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
    }),
    expected: { problem: { reason: 'Unschedulable', message: '0/3 nodes' } },
  },
];
for (const { title, pod: given, expected } of cases) {
  test(title, () => {
    const actual: Record<string, unknown> = { ...read(given) };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(actual[key], value, key);
  });
}
