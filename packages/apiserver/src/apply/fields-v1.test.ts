import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFields } from './fields-v1.ts';
import type { Value } from '../value.ts';

const cases: readonly (readonly [string, Value, Value | undefined])[] = [
  ['what we write is read as it is', { 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { '.': {}, 'f:b': {} } }],
  ['a field alone needs no dot', { 'f:a': { '.': {} } }, { 'f:a': {} }],
  [
    'keys are put into order',
    { 'f:p': { 'k:{"protocol":"TCP", "port":80}': {} } },
    { 'f:p': { 'k:{"port":80,"protocol":"TCP"}': {} } },
  ],
  ['kinds of elements that nobody knows are skipped', { 'x:a': {}, 'f:b': {} }, { 'f:b': {} }],
  ['what is no element is malformed', { a: {} }, undefined],
  ['a field must be an object', { 'f:a': 'x' }, undefined],
  ['an index must be a number', { 'f:a': { 'i:x': {} } }, undefined],
  ['a list is malformed', [], undefined],
  ['nothing is the empty set', null, {}],
];

test('fieldsV1 is read into its only right form', () => {
  for (const [name, given, expected] of cases) assert.deepEqual(readFields(given), expected, name);
});
