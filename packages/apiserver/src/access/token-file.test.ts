import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTokenFile } from './token-file.ts';

test('a token file has a user a line; the groups are one quoted field', () => {
  const text = ['t1,alice,u1', 't2,bob,u2,"one,two"', '', '# a comment', 't3,carol,u3,one', 'lonely'].join('\n');
  assert.deepEqual(parseTokenFile(text), [
    { token: 't1', user: 'alice', uid: 'u1', groups: [] },
    { token: 't2', user: 'bob', uid: 'u2', groups: ['one', 'two'] },
    { token: 't3', user: 'carol', uid: 'u3', groups: ['one'] },
  ]);
});
