import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capManagers } from './cap-managers.ts';
import { managerKey, readManagers, writeManagers } from './managers.ts';
import type { Manager, Managers } from './managers.ts';

function managers(count: number, operation: Manager['operation']): Managers {
  const entries = Array.from({ length: count }, (_, index): Manager => {
    const time = `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`;
    const fields = { [`f:k${index}`]: {} };
    return { manager: `m${index}`, operation, apiVersion: 'v1', subresource: '', time, fields };
  });
  return new Map(entries.map((entry) => [managerKey(entry), entry]));
}

test('beyond ten updaters the oldest are put together', () => {
  const capped = [...capManagers(managers(12, 'Update')).values()];
  assert.equal(capped.length, 10);
  const ancient = capped.find(({ manager }) => manager === 'ancient-changes');
  assert.deepEqual(ancient?.fields, { 'f:k0': {}, 'f:k1': {}, 'f:k2': {} });
  assert.equal(ancient?.time, '2026-01-01T00:00:02Z');
});

test('who applies is not counted', () => {
  assert.equal(capManagers(managers(12, 'Apply')).size, 12);
});

test('managers are written and read as they were, those that apply first', () => {
  const both = new Map([...managers(2, 'Update'), ...managers(1, 'Apply')]);
  const written = writeManagers(both);
  assert.deepEqual(
    written.map(({ operation }) => operation),
    ['Apply', 'Update', 'Update'],
  );
  assert.deepEqual(new Map(readManagers(written)), new Map([...managers(1, 'Apply'), ...managers(2, 'Update')]));
});

test('a malformed entry makes all of them unreadable', () => {
  assert.equal(
    readManagers([{ manager: 'a', operation: 'Nope', apiVersion: 'v1', fieldsType: 'FieldsV1' }]),
    undefined,
  );
});
