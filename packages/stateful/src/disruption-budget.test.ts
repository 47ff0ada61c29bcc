import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quorumBudget } from './disruption-budget.ts';

const cases = [
  { title: 'three voters keep two', voters: 3, wanted: 3, min: 2 },
  { title: 'growing to five keeps three from the start', voters: 3, wanted: 5, min: 3 },
  { title: 'shrinking from five keeps three to the end', voters: 5, wanted: 3, min: 3 },
  { title: 'a single voter is not evicted', voters: 1, wanted: 1, min: 1 },
];
for (const { title, voters, wanted, min } of cases) {
  test(title, () => {
    const budget = quorumBudget({ metadata: { name: 'db' }, matchLabels: { a: 'b' }, voters, wanted, memory: false });
    assert.equal(budget.spec?.minAvailable, min);
  });
}

test('a sick member on a disk may be evicted, one in memory may not', () => {
  const base = { metadata: { name: 'db' }, matchLabels: { a: 'b' }, voters: 3, wanted: 3 };
  assert.equal(quorumBudget({ ...base, memory: false }).spec?.unhealthyPodEvictionPolicy, 'AlwaysAllow');
  assert.equal(quorumBudget({ ...base, memory: true }).spec?.unhealthyPodEvictionPolicy, 'IfHealthyBudget');
});
