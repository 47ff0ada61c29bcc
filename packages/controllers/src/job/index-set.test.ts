import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIndexes, parseIndexes } from './index-set.ts';

const cases = [
  { text: '', indexes: [] },
  { text: '4', indexes: [4] },
  { text: '1,2', indexes: [1, 2] },
  { text: '0,2-4,7', indexes: [0, 2, 3, 4, 7] },
];

for (const { text, indexes } of cases)
  test(`the indexes ${JSON.stringify(indexes)} are written '${text}' and read back`, () => {
    assert.equal(formatIndexes(new Set(indexes)), text);
    assert.deepEqual([...parseIndexes(text, 10)], indexes);
  });

test('indexes beyond the completions are left out', () => {
  assert.deepEqual([...parseIndexes('0,2-4', 3)], [0, 2]);
});
