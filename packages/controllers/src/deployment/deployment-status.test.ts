import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment, DeploymentCondition, ReplicaSet, ReplicaSetStatus } from '@reeve/api/apps/v1';
import { deploymentStatus } from './deployment-status.ts';
import type { DeploymentState } from './deployment-status.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');

function set(name: string, replicas: number, status: Partial<ReplicaSetStatus>): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: { replicas, selector: {} },
    status: { replicas, observedGeneration: 1, ...status },
  };
}

const full = set('web-new', 2, { readyReplicas: 2, availableReplicas: 2 });
const starting = set('web-new', 2, {});

function state(
  current: ReplicaSet | undefined,
  others: readonly ReplicaSet[] = [],
  { paused = false, before }: { readonly paused?: boolean; readonly before?: Partial<DeploymentCondition> } = {},
): DeploymentState {
  const time = '2026-01-01T00:00:00Z';
  const times = { status: 'True' as const, lastTransitionTime: time, lastUpdateTime: time };
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 2, paused, progressDeadlineSeconds: 60, selector: {}, template: {} },
    status: before ? { updatedReplicas: 2, conditions: [{ type: 'Progressing', ...times, ...before }] } : {},
  };
  const spec = { replicas: 2, strategy: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0, paused } as const;
  return { deployment, spec, current, all: current ? [current, ...others] : others };
}

const cases = [
  {
    name: 'a full one has progressed',
    state: state(full),
    want: ['Available=True MinimumReplicasAvailable', 'Progressing=True NewReplicaSetAvailable'],
  },
  {
    name: 'a starting one progresses',
    state: state(starting),
    want: ['Available=False MinimumReplicasUnavailable', 'Progressing=True ReplicaSetUpdated'],
  },
  {
    name: 'one with old pods is not done',
    state: state(full, [set('web-old', 1, { readyReplicas: 1, availableReplicas: 1 })]),
    want: ['Available=True MinimumReplicasAvailable', 'Progressing=True ReplicaSetUpdated'],
  },
  {
    name: 'a new rollout long after the last has its whole deadline before it',
    state: state(starting, [set('web-old', 2, { readyReplicas: 2, availableReplicas: 2 })], {
      before: { reason: 'NewReplicaSetAvailable' },
    }),
    want: ['Available=True MinimumReplicasAvailable', 'Progressing=True ReplicaSetUpdated'],
  },
  {
    name: 'one that has not moved for its deadline is stuck',
    state: state(starting, [], { before: { reason: 'ReplicaSetUpdated' } }),
    want: ['Available=False MinimumReplicasUnavailable', 'Progressing=False ProgressDeadlineExceeded'],
  },
  {
    name: 'a paused one is neither',
    state: state(starting, [], { paused: true }),
    want: ['Available=False MinimumReplicasUnavailable', 'Progressing=Unknown DeploymentPaused'],
  },
  {
    name: 'a resumed one says so first',
    state: state(starting, [], { before: { reason: 'DeploymentPaused', status: 'Unknown' } }),
    want: ['Available=False MinimumReplicasUnavailable', 'Progressing=Unknown DeploymentResumed'],
  },
];

for (const { name, state: given, want } of cases)
  test(`conditions: ${name}`, () => {
    const { conditions = [] } = deploymentStatus(given, NOW);
    assert.deepEqual(
      conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      want,
    );
  });

test('counters add up over the ReplicaSets, and zeros are left out', () => {
  const { conditions: _, ...counters } = deploymentStatus(
    state(starting, [set('web-old', 1, { readyReplicas: 1 })]),
    NOW,
  );
  assert.deepEqual(counters, {
    observedGeneration: 0,
    replicas: 3,
    updatedReplicas: 2,
    readyReplicas: 1,
    unavailableReplicas: 3,
    terminatingReplicas: 0,
  });
});

test('progress gives a rollout its whole deadline again', () => {
  const moving = state(set('web-new', 2, { readyReplicas: 1 }), [], { before: { reason: 'ReplicaSetUpdated' } });
  const progressing = deploymentStatus(moving, NOW).conditions?.find(({ type }) => type === 'Progressing');
  assert.deepEqual([progressing?.status, progressing?.lastUpdateTime], ['True', '2026-01-01T00:10:00Z']);
});
