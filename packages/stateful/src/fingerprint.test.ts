import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint } from './fingerprint.ts';

test('the order of keys does not matter, the order of lists does', () => {
  assert.equal(fingerprint({ a: 1, b: { c: 2, d: 3 } }), fingerprint({ b: { d: 3, c: 2 }, a: 1 }));
  assert.notEqual(fingerprint(['a', 'b']), fingerprint(['b', 'a']));
});

test('an undefined field is an absent field', () => {
  assert.equal(fingerprint({ a: 1, b: undefined }), fingerprint({ a: 1 }));
});
