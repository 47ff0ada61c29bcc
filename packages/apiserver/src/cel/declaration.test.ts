import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeName } from './declaration.ts';

test('names of properties are escaped so that expressions can say them', () => {
  const names: Readonly<Record<string, string | undefined>> = {
    plain: 'plain',
    'a-b.c/d': 'a__dash__b__dot__c__slash__d',
    a__b: 'a__underscores__b',
    namespace: '__namespace__',
    in: '__in__',
    _x: '_x',
    '1st': undefined,
    'with space': undefined,
    '': undefined,
  };
  for (const [name, escaped] of Object.entries(names)) assert.equal(escapeName(name), escaped, name);
});
