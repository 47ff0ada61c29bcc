import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@reeve/api/core/v1';
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '@reeve/api/policy/v1';
import { budgetStatus } from './budget-status.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');

function budget(
  spec: PodDisruptionBudgetSpec,
  disruptedPods: Readonly<Record<string, string>> = {},
): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', generation: 1 },
    spec,
    status: { disruptedPods, currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  };
}

function pod(name: string, ready = true): Pod {
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:00:00Z' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [] },
    status: { phase: 'Running', conditions: [condition] },
  };
}

const three = [pod('a'), pod('b'), pod('c')];
const cases = [
  {
    name: 'minAvailable as a number counts pods',
    budget: budget({ minAvailable: 2 }),
    pods: three,
    scale: 3,
    want: [3, 2, 3, 1],
  },
  {
    name: 'a percentage rounds up',
    budget: budget({ minAvailable: '50%' }),
    pods: three,
    scale: 3,
    want: [3, 2, 3, 1],
  },
  {
    name: 'maxUnavailable leaves the rest',
    budget: budget({ maxUnavailable: 1 }),
    pods: three,
    scale: 3,
    want: [3, 2, 3, 1],
  },
  {
    name: 'maxUnavailable in percent rounds up too',
    budget: budget({ maxUnavailable: '10%' }),
    pods: three,
    scale: 3,
    want: [3, 2, 3, 1],
  },
  {
    name: 'pods that should be there but are not count against it',
    budget: budget({ maxUnavailable: 1 }),
    pods: three,
    scale: 4,
    want: [4, 3, 3, 0],
  },
  {
    name: 'an unready pod is not healthy',
    budget: budget({ minAvailable: 2 }),
    pods: [pod('a'), pod('b'), pod('c', false)],
    scale: 3,
    want: [3, 2, 2, 0],
  },
  {
    name: 'bare pods with maxUnavailable allow nothing',
    budget: budget({ maxUnavailable: 1 }),
    pods: three,
    scale: 0,
    want: [0, 0, 3, 0],
  },
  {
    name: 'a granted eviction counts until its pod is gone',
    budget: budget({ minAvailable: 2 }, { a: '2026-01-01T00:09:00Z' }),
    pods: three,
    scale: 3,
    want: [3, 2, 2, 0],
  },
  {
    name: 'and is forgotten after two minutes',
    budget: budget({ minAvailable: 2 }, { a: '2026-01-01T00:07:00Z' }),
    pods: three,
    scale: 3,
    want: [3, 2, 3, 1],
  },
];

for (const { name, budget: given, pods, scale, want } of cases)
  test(name, () => {
    const status = budgetStatus(given, pods, { count: pods.length, scale }, NOW);
    const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = status;
    assert.deepEqual([expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed], want);
  });
