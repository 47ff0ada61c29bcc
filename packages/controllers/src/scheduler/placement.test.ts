import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, PersistentVolumeClaim, Pod, PodSpec } from '@reeve/api/core/v1';
import { nodeView } from './cluster-view.ts';
import type { ClusterView } from './cluster-view.ts';
import { place } from './placement.ts';

const node = (name: string, spec: Node['spec'] = {}, labels: Record<string, string> = {}): Node => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec,
  status: { allocatable: { cpu: '2', memory: '2Gi', pods: '10' } },
});
const pod = (spec: Partial<PodSpec> = {}, labels: Record<string, string> = { app: 'x' }): Pod => ({
  metadata: { name: 'p', namespace: 'default', uid: 'u', labels },
  spec: { containers: [{ name: 'c' }], ...spec },
});
const cpu = (amount: string): Partial<PodSpec> => ({
  containers: [{ name: 'c', resources: { requests: { cpu: amount } } }],
});
const view = (
  nodes: readonly (readonly [Node, readonly Pod[]])[],
  claims: Readonly<Record<string, PersistentVolumeClaim>> = {},
): ClusterView => ({
  nodes: nodes.map(([at, pods]) => nodeView(at, pods)),
  namespaces: [],
  claim: (_, name) => claims[name],
  volume: () => undefined,
  storageClass: () => undefined,
});
const antiAffinity: Partial<PodSpec> = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'x' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
};
const spread: Partial<PodSpec> = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'x' } },
    },
  ],
};
const NOT_HELPFUL = '1 Preemption is not helpful for scheduling.';

const cases: readonly { name: string; pod: Pod; view: ClusterView; want: ReturnType<typeof place> }[] = [
  {
    name: 'the emptier node is taken',
    pod: pod(cpu('1')),
    view: view([
      [node('a'), [pod(cpu('1'))]],
      [node('b'), []],
    ]),
    want: { node: 'b' },
  },
  {
    name: 'equal nodes are taken by name',
    pod: pod(),
    view: view([
      [node('b'), []],
      [node('a'), []],
    ]),
    want: { node: 'a' },
  },
  { name: 'no nodes', pod: pod(), view: view([]), want: { message: 'no nodes available to schedule pods' } },
  {
    name: 'too little cpu',
    pod: pod(cpu('3')),
    view: view([[node('a'), []]]),
    want: {
      message: `0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: ${NOT_HELPFUL}`,
    },
  },
  {
    name: 'room that other pods take',
    pod: pod(cpu('1500m')),
    view: view([[node('a'), [pod(cpu('1'))]]]),
    want: {
      message:
        '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    },
  },
  {
    name: 'ended pods take no room',
    pod: pod(cpu('1500m')),
    view: view([[node('a'), [{ ...pod(cpu('1')), status: { phase: 'Succeeded' } }]]]),
    want: { node: 'a' },
  },
  {
    name: 'reasons of several nodes are counted',
    pod: pod(cpu('3')),
    view: view([
      [node('a'), []],
      [node('b', { taints: [{ key: 'k', effect: 'NoSchedule' }] }), []],
      [node('c', { unschedulable: true }), []],
    ]),
    want: {
      message:
        '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    },
  },
  {
    name: 'anti-affinity spreads',
    pod: pod(antiAffinity),
    view: view([
      [node('a'), [pod(antiAffinity)]],
      [node('b'), []],
    ]),
    want: { node: 'b' },
  },
  {
    name: 'anti-affinity that cannot be met',
    pod: pod(antiAffinity),
    view: view([[node('a'), [pod(antiAffinity)]]]),
    want: {
      message:
        "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    },
  },
  {
    name: 'topology spread picks the emptier domain',
    pod: pod(spread),
    view: view([
      [node('a'), [pod()]],
      [node('b'), []],
    ]),
    want: { node: 'b' },
  },
  {
    name: 'a tolerated taint is no obstacle',
    pod: pod({ tolerations: [{ key: 'k', operator: 'Exists' }] }),
    view: view([[node('a', { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] }), []]]),
    want: { node: 'a' },
  },
  {
    name: 'a missing claim holds the pod',
    pod: pod({ volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }),
    view: view([[node('a'), []]]),
    want: { message: '0/1 nodes are available: persistentvolumeclaim "data" not found. not found' },
  },
  {
    name: 'an unbound claim holds the pod',
    pod: pod({ volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }),
    view: view([[node('a'), []]], { data: { metadata: { name: 'data' }, spec: {} } }),
    want: { message: '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found' },
  },
];

for (const { name, pod: wanted, view: seen, want } of cases) {
  test(name, () => assert.deepEqual(place(wanted, seen), want));
}
