import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@reeve/api';
import { isConditionTrue, removeCondition, setCondition } from './conditions.ts';
import { draftStatus } from './status-draft.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const input = { type: 'Ready', status: 'True', reason: 'Up', message: 'All run.' } as const;

test('a condition is added with the time of its beginning', () => {
  assert.deepEqual(setCondition([], { ...input, observedGeneration: 2 }, noon + 123), [
    { ...input, observedGeneration: 2, lastTransitionTime: '2026-01-01T12:00:00Z' },
  ]);
});

test('its time moves only when the status flips', () => {
  const first = setCondition([], input, noon);
  const reworded = setCondition(first, { ...input, reason: 'Fine', message: 'Still.' }, noon + 60_000);
  assert.equal(reworded[0]?.lastTransitionTime, '2026-01-01T12:00:00Z');
  assert.equal(reworded[0]?.reason, 'Fine');
  const flipped = setCondition(reworded, { ...input, status: 'False' }, noon + 60_000);
  assert.equal(flipped[0]?.lastTransitionTime, '2026-01-01T12:01:00Z');
});

test('others stay where they are', () => {
  const both = setCondition(setCondition([], input, noon), { ...input, type: 'Stalled' }, noon);
  const changed = setCondition(both, { ...input, status: 'False' }, noon);
  assert.deepEqual(
    changed.map(({ type, status }) => `${type}=${status}`),
    ['Ready=False', 'Stalled=True'],
  );
  assert.deepEqual(
    removeCondition(changed, 'Ready').map(({ type }) => type),
    ['Stalled'],
  );
  assert.deepEqual(
    [isConditionTrue(changed, 'Stalled'), isConditionTrue(changed, 'Ready'), isConditionTrue(undefined, 'x')],
    [true, false, false],
  );
});

interface Thing {
  readonly size?: number;
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
}

const draft = (present: Thing | undefined) =>
  draftStatus<Thing>({ present, generation: 3, now: () => noon, write: () => Promise.resolve() });
const told = (thing: Readonly<Partial<Thing>>) =>
  (thing.conditions ?? []).map(({ type, status }) => `${type}=${status}`);

test('ready, reconciling and stalled keep the three conditions consistent', () => {
  const status = draft(undefined);
  assert.equal(status.hasReady, false);
  status.reconciling('Growing', 'Waiting for a-2.');
  assert.deepEqual(told(status.draft), ['Ready=False', 'Reconciling=True']);
  status.stalled('NoQuorum', 'Restore from a backup.');
  assert.deepEqual(told(status.draft), ['Ready=False', 'Stalled=True']);
  status.ready('Up', 'All run.');
  assert.deepEqual(told(status.draft), ['Ready=True']);
});

test('fields that are not set keep their value, and undefined removes one', () => {
  const status = draft({ size: 3, observedGeneration: 2 });
  status.set({});
  assert.equal(status.draft.size, 3);
  status.set({ size: undefined });
  assert.deepEqual(status.draft, { observedGeneration: 2 });
});

test('a finished pass speaks for the generation that it saw', () => {
  const status = draft({
    conditions: [{ ...input, lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1 }],
  });
  status.observed();
  assert.deepEqual([status.draft.observedGeneration, status.draft.conditions?.[0]?.observedGeneration], [3, 3]);
});
