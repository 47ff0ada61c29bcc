import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnerReference } from '@reeve/api';
import { decide, FOREGROUND, ORPHAN, OwnershipGraph } from './ownership-graph.ts';
import type { Decision, GraphNode, Ownership, OwnerState } from './ownership-graph.ts';

const resource = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };

function owner(uid: string, blockOwnerDeletion = false): OwnerReference {
  return { apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid, blockOwnerDeletion };
}

function node(uid: string, more: Partial<Ownership> = {}): GraphNode {
  return { resource, metadata: { name: uid, uid, resourceVersion: '1', ...more } };
}

const going = (finalizer: string): GraphNode =>
  node('o', { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [finalizer] });
const [a, b] = [owner('a'), owner('b')];

const cases: readonly {
  readonly name: string;
  readonly node?: GraphNode;
  readonly owners?: readonly (readonly [OwnerReference, OwnerState])[];
  readonly dependents?: readonly GraphNode[];
  readonly want: Decision;
}[] = [
  { name: 'an object without owners stays', want: { kind: 'nothing' } },
  { name: 'a present owner keeps it', owners: [[a, 'present']], want: { kind: 'nothing' } },
  { name: 'an owner of an unknown kind keeps it', owners: [[a, 'unknown-kind']], want: { kind: 'nothing' } },
  {
    name: 'its only owner gone, it goes',
    owners: [[a, 'absent']],
    want: { kind: 'delete', propagation: 'Background' },
  },
  {
    name: 'with an owner left it only loses the reference',
    owners: [
      [a, 'absent'],
      [b, 'present'],
    ],
    want: { kind: 'drop-owners', owners: [a] },
  },
  {
    name: 'a foreground deletion goes on through objects with dependents',
    owners: [[a, 'foreground']],
    dependents: [node('d', { ownerReferences: [owner('o')] })],
    want: { kind: 'delete', propagation: 'Foreground' },
  },
  {
    name: 'its own orphan finalizer wins over its owner',
    node: node('o', { finalizers: [ORPHAN] }),
    owners: [[a, 'absent']],
    want: { kind: 'delete', propagation: 'Orphan' },
  },
  { name: 'an orphaning owner sets its dependents free', node: going(ORPHAN), want: { kind: 'orphan-dependents' } },
  {
    name: 'a foreground deletion waits for blocking dependents',
    node: going(FOREGROUND),
    dependents: [node('d', { ownerReferences: [owner('o', true)] })],
    want: { kind: 'delete-dependents' },
  },
  {
    name: 'and not for others',
    node: going(FOREGROUND),
    dependents: [node('d', { ownerReferences: [owner('o')] })],
    want: { kind: 'finish-foreground' },
  },
];

for (const { name, node: given = node('o'), owners = [], dependents = [], want } of cases)
  test(name, () => assert.deepEqual(decide(given, owners, dependents), want));

test('the graph forgets who owned what has gone', () => {
  const graph = new OwnershipGraph();
  graph.set(node('d', { ownerReferences: [a] }));
  graph.set(node('d', { ownerReferences: [b] }));
  assert.deepEqual([graph.dependentsOf('a').length, graph.dependentsOf('b').length], [0, 1]);
  graph.delete('d');
  assert.deepEqual(graph.dependentsOf('b'), []);
});
