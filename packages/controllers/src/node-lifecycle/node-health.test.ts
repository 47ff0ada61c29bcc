import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod, Taint, Toleration } from '@reeve/api/core/v1';
import { desiredTaints, evictionTime, NOT_READY, silentConditions, UNREACHABLE } from './node-health.ts';

const NOW = '2026-01-01T00:00:00Z';
const now = Date.parse(NOW);

function node(conditions: Readonly<Record<string, string>>, more: Partial<Node['spec']> = {}): Node {
  const list = Object.entries(conditions).map(([type, status]) => ({ type, status }));
  return { metadata: { name: 'n' }, spec: more, status: { conditions: list } } as Node;
}

const show = (taints: readonly Taint[] | undefined): readonly string[] | undefined =>
  taints?.map(({ key, effect }) => `${key}:${effect}`);

const own: Taint = { key: 'mine', effect: 'NoSchedule' };
const taints = [
  { name: 'a ready node has none', node: node({ Ready: 'True' }), want: undefined },
  {
    name: 'an unready node loses its pods',
    node: node({ Ready: 'False' }),
    want: [`${NOT_READY}:NoSchedule`, `${NOT_READY}:NoExecute`],
  },
  {
    name: 'a silent node is unreachable',
    node: node({ Ready: 'Unknown' }),
    want: [`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`],
  },
  {
    name: 'nobody is evicted while no node is ready',
    node: node({ Ready: 'Unknown' }),
    evicts: false,
    want: [`${UNREACHABLE}:NoSchedule`],
  },
  {
    name: 'a cordon and a pressure are taints too, next to those of others',
    node: node({ Ready: 'True', DiskPressure: 'True' }, { unschedulable: true, taints: [own] }),
    want: [
      'mine:NoSchedule',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ],
  },
  {
    name: 'a node that is well again loses them',
    node: node({ Ready: 'True' }, { taints: [{ key: NOT_READY, effect: 'NoExecute' }] }),
    want: [],
  },
];

for (const { name, node: given, evicts = true, want } of taints)
  test(`taints: ${name}`, () => assert.deepEqual(show(desiredTaints(given, NOW, evicts)), want));

test('a silent node becomes Unknown once, in every condition', () => {
  const conditions = silentConditions(node({ Ready: 'True' }), NOW);
  assert.deepEqual(
    conditions?.map(({ status, reason }) => `${status} ${reason}`),
    ['Unknown NodeStatusUnknown', ...Array.from({ length: 3 }, () => 'Unknown NodeStatusNeverUpdated')],
  );
  const unknown = { Ready: 'Unknown', MemoryPressure: 'Unknown', DiskPressure: 'Unknown', PIDPressure: 'Unknown' };
  assert.equal(silentConditions(node(unknown), NOW), undefined);
});

const taint: Taint = { key: NOT_READY, effect: 'NoExecute', timeAdded: NOW };
const tolerating = (...tolerations: readonly Toleration[]): Pod =>
  ({ metadata: {}, spec: { containers: [], tolerations } }) as Pod;
const evictions = [
  { name: 'an intolerant pod goes at once', pod: tolerating(), want: now },
  { name: 'a tolerant pod stays', pod: tolerating({ key: NOT_READY, operator: 'Exists' }), want: undefined },
  {
    name: 'a patient pod goes later',
    pod: tolerating({ key: NOT_READY, operator: 'Exists', tolerationSeconds: 300 }),
    want: now + 300_000,
  },
  {
    name: 'the shortest of several times counts',
    pod: tolerating(
      { operator: 'Exists', tolerationSeconds: 20 },
      { key: NOT_READY, operator: 'Exists', tolerationSeconds: 300 },
    ),
    want: now + 20_000,
  },
] as const;

for (const { name, pod, want } of evictions)
  test(`eviction: ${name}`, () => assert.equal(evictionTime(pod, [taint], now + 1000), want));
