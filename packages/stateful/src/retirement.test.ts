import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRetired, retirementLeft, retirementPatch } from './retirement.ts';

const { metadata } = retirementPatch('u', 1000);

test('a retired claim says so and carries its UID as a precondition', () => {
  assert.equal(isRetired(metadata), true);
  assert.equal(metadata.uid, 'u');
});

const cases = [
  { title: 'just retired, all the time is left', meta: metadata, now: 1000, left: 500 },
  { title: 'later, less is left', meta: metadata, now: 1400, left: 100 },
  { title: 'after the time, none is left', meta: metadata, now: 9000, left: 0 },
  { title: 'a claim in use never expires', meta: {}, now: 9000, left: undefined },
  { title: 'a claim without its date is kept', meta: { ...metadata, annotations: {} }, now: 9000, left: undefined },
];
for (const { title, meta, now, left } of cases) {
  test(title, () => assert.equal(retirementLeft(meta, 500, now), left));
}
