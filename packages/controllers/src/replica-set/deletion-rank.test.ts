import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@reeve/api/core/v1';
import { byDeletionRank } from './deletion-rank.ts';

interface Facts {
  readonly node?: string;
  readonly phase?: 'Pending' | 'Running';
  readonly readySince?: string;
  readonly cost?: number;
  readonly restarts?: number;
  readonly created?: string;
}

function pod({
  node = 'n',
  phase = 'Running',
  readySince = '2026-01-01T00:00:00Z',
  cost,
  restarts = 0,
  created,
}: Facts): Pod {
  const annotations = cost === undefined ? {} : { 'controller.kubernetes.io/pod-deletion-cost': String(cost) };
  const ready = { type: 'Ready', status: readySince === '' ? 'False' : 'True', lastTransitionTime: readySince };
  const container = { name: 'c', image: '', imageID: '', ready: true, restartCount: restarts };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', annotations, creationTimestamp: created ?? '2025-01-01T00:00:00Z' },
    spec: { containers: [], nodeName: node },
    status: { phase, conditions: [ready], containerStatuses: [container] },
  };
}

const cases: readonly { readonly name: string; readonly first: Facts; readonly next: Facts }[] = [
  { name: 'without a node', first: { node: '', readySince: '' }, next: { phase: 'Pending', readySince: '' } },
  { name: 'pending', first: { phase: 'Pending', readySince: '' }, next: { readySince: '' } },
  { name: 'not ready', first: { readySince: '', cost: 9 }, next: { cost: -9 } },
  { name: 'cheaper', first: { cost: -1 }, next: { readySince: '2026-02-01T00:00:00Z' } },
  { name: 'ready for less long', first: { readySince: '2026-02-01T00:00:00Z' }, next: { restarts: 5 } },
  { name: 'restarted more often', first: { restarts: 2 }, next: { restarts: 1, created: '2025-06-01T00:00:00Z' } },
  { name: 'newer', first: { created: '2025-06-01T00:00:00Z' }, next: {} },
];

for (const { name, first, next } of cases)
  test(`the pod that is ${name} is deleted first`, () => {
    const [a, b] = [pod(first), pod(next)];
    assert.deepEqual([b, a].toSorted(byDeletionRank), [a, b]);
  });
