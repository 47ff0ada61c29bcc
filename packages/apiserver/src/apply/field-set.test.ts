import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference, hasPath, intersection, pathsOf, recursiveDifference, union } from './field-set.ts';

const left = { 'f:a': {}, 'f:b': { '.': {}, 'f:x': {}, 'f:y': {} } };
const right = { 'f:b': { 'f:y': {} }, 'f:c': {} };

test('sets of fields unite, intersect and subtract field by field', () => {
  assert.deepEqual(union(left, right), { 'f:a': {}, 'f:b': { '.': {}, 'f:x': {}, 'f:y': {} }, 'f:c': {} });
  assert.deepEqual(intersection(left, right), { 'f:b': { 'f:y': {} } });
  assert.deepEqual(difference(left, right), { 'f:a': {}, 'f:b': { '.': {}, 'f:x': {} } });
  assert.deepEqual(difference(left, { 'f:b': {} }), { 'f:a': {}, 'f:b': { 'f:x': {}, 'f:y': {} } });
  assert.deepEqual(recursiveDifference(left, { 'f:b': {} }), { 'f:a': {} });
  assert.deepEqual(difference(right, right), {});
});

test('paths of a set come with those of a node before those below it', () => {
  assert.deepEqual(pathsOf(left), [['f:a'], ['f:b'], ['f:b', 'f:x'], ['f:b', 'f:y']]);
  assert.equal(hasPath(left, ['f:b']), true);
  assert.equal(hasPath(right, ['f:b']), false);
});
