import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparable, HASH_LABEL, templateHash } from './template-hash.ts';

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const reordered = { spec: { containers: [{ image: 'i', name: 'c' }] }, metadata: { labels: { app: 'a' } } };

test('the order of keys does not change a hash', () => {
  assert.equal(templateHash(template, 0), templateHash(reordered, 0));
});

test('another image or another collision count changes it', () => {
  const other = { ...template, spec: { containers: [{ name: 'c', image: 'j' }] } };
  const hashes = [templateHash(template, 0), templateHash(template, 1), templateHash(other, 0)];
  assert.equal(new Set(hashes).size, 3);
});

test('a hash has only letters and digits that may stand in a name', () => {
  assert.match(templateHash(template, 0), /^[a-z0-9]{1,10}$/);
});

test("a ReplicaSet's template is compared without the label that it adds", () => {
  const labelled = { ...template, metadata: { labels: { app: 'a', [HASH_LABEL]: 'x' } } };
  assert.equal(comparable(labelled), comparable(template));
});
