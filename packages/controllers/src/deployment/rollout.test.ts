import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf, proportionalStep, recreateStep, rollingStep } from './rollout.ts';
import type { Revision, RolloutSpec } from './rollout.ts';

function spec(facts: Partial<RolloutSpec> = {}): RolloutSpec {
  return { replicas: 3, strategy: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0, paused: false, ...facts };
}

function revision(name: string, replicas: number, available = replicas, maxReplicas?: number): Revision {
  return { name, replicas, available, created: name === 'new' ? 2 : 1, maxReplicas };
}

const limits = [
  {
    name: 'surge rounds up, unavailable rounds down',
    spec: spec({ maxSurge: '25%', maxUnavailable: '25%' }),
    want: [1, 0],
  },
  { name: 'two zeros become one unavailable pod', spec: spec({ maxSurge: 0, maxUnavailable: 0 }), want: [0, 1] },
  { name: 'no more pods are unavailable than are wanted', spec: spec({ maxUnavailable: 9 }), want: [1, 3] },
  { name: 'Recreate has neither', spec: spec({ strategy: 'Recreate' }), want: [0, 0] },
];

for (const { name, spec: given, want } of limits)
  test(`limits: ${name}`, () => {
    const { surge, unavailable } = limitsOf(given);
    assert.deepEqual([surge, unavailable], want);
  });

const steps = [
  { name: 'the first revision gets everything', spec: spec(), now: revision('new', 0), old: [], want: { new: 3 } },
  {
    name: 'the new one grows by the surge',
    spec: spec(),
    now: revision('new', 0),
    old: [revision('old', 3)],
    want: { new: 1 },
  },
  {
    name: 'nothing moves while the new pod is not available',
    spec: spec(),
    now: revision('new', 1, 0),
    old: [revision('old', 3)],
    want: {},
  },
  {
    name: 'an available new pod lets an old one go',
    spec: spec(),
    now: revision('new', 1),
    old: [revision('old', 3)],
    want: { old: 2 },
  },
  {
    name: 'broken old pods go first, whatever their age',
    spec: spec({ maxSurge: 0, maxUnavailable: 1 }),
    now: revision('new', 0),
    old: [{ ...revision('a', 2), created: 0 }, revision('b', 1, 0)],
    want: { b: 0 },
  },
  {
    name: 'with no healthy pod at all, exactly the unavailable ones go',
    spec: spec({ maxSurge: 0, maxUnavailable: 1 }),
    now: revision('new', 0),
    old: [revision('old', 3, 0)],
    want: { old: 2 },
  },
  { name: 'too many new pods are taken back', spec: spec(), now: revision('new', 5), old: [], want: { new: 3 } },
  { name: 'a finished rollout rests', spec: spec(), now: revision('new', 3), old: [revision('old', 0)], want: {} },
];

for (const { name, spec: given, now, old, want } of steps)
  test(`rolling: ${name}`, () => assert.deepEqual(Object.fromEntries(rollingStep(given, now, old)), want));

const recreations = [
  { name: 'old pods go first', current: 0, old: [revision('old', 3)], left: true, want: { old: 0 } },
  { name: 'the new ones wait until the old are gone', current: 0, old: [revision('old', 0)], left: true, want: {} },
  { name: 'then all new ones come at once', current: 0, old: [revision('old', 0)], left: false, want: { new: 3 } },
  { name: 'and it rests', current: 3, old: [revision('old', 0)], left: false, want: {} },
];

for (const { name, current, old, left, want } of recreations)
  test(`recreate: ${name}`, () => {
    const scales = recreateStep(spec({ strategy: 'Recreate' }), revision('new', current), old, left);
    assert.deepEqual(Object.fromEntries(scales), want);
  });

const proportions = [
  {
    name: 'unchanged sizes stay',
    spec: spec(),
    sets: [revision('old', 3, 3, 4), revision('new', 1, 0, 4)],
    want: undefined,
  },
  {
    name: 'growth is shared in proportion',
    spec: spec({ replicas: 10, maxSurge: 0, maxUnavailable: 1 }),
    sets: [revision('old', 4, 4, 5), revision('new', 1, 1, 5)],
    want: { old: 8, new: 2 },
  },
  {
    name: 'shrinking is shared in proportion',
    spec: spec({ replicas: 5, maxSurge: 0, maxUnavailable: 1 }),
    sets: [revision('old', 8, 8, 10), revision('new', 2, 2, 10)],
    want: { old: 4, new: 1 },
  },
  {
    name: 'what rounding leaves goes to the largest',
    spec: spec({ replicas: 4, maxSurge: 0, maxUnavailable: 1 }),
    sets: [revision('old', 2, 2, 3), revision('new', 1, 1, 3)],
    want: { old: 3, new: 1 },
  },
];

for (const { name, spec: given, sets, want } of proportions)
  test(`proportional: ${name}`, () => {
    const scales = proportionalStep(given, sets);
    assert.deepEqual(scales && Object.fromEntries(scales), want);
  });
