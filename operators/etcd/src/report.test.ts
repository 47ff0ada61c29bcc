import assert from 'node:assert/strict';
import { test } from 'node:test';
import { member, noMajority, view, wanted } from './decide/example-views.ts';
import type { ClusterView } from './decide/view.ts';
import { facts, record, report } from './observe/example-facts.ts';
import { isWhole, ownConditions, statusFields } from './report.ts';

const three = [member(1), member(2), member(3)];
const cases: readonly { title: string; given: ClusterView; type: string; status: string; reason: string }[] = [
  { title: 'a majority answers', given: view(three), type: 'Available', status: 'True', reason: 'Quorum' },
  { title: 'none does', given: view(three, noMajority), type: 'Available', status: 'False', reason: 'NoQuorum' },
  {
    title: 'the first member has not started',
    given: view([], { clusterID: undefined, ...noMajority }),
    type: 'Available',
    status: 'False',
    reason: 'Creating',
  },
  { title: 'three survive one', given: view(three), type: 'FaultTolerant', status: 'True', reason: 'OddSize' },
  {
    title: 'four survive no more than three',
    given: view(three, wanted(4)),
    type: 'FaultTolerant',
    status: 'True',
    reason: 'EvenSize',
  },
  {
    title: 'two survive none',
    given: view(three, wanted(2)),
    type: 'FaultTolerant',
    status: 'False',
    reason: 'EvenSize',
  },
  {
    title: 'one survives none',
    given: view(three, wanted(1)),
    type: 'FaultTolerant',
    status: 'False',
    reason: 'SingleMember',
  },
  { title: 'no alarm', given: view(three), type: 'StorageHealthy', status: 'True', reason: 'NoAlarm' },
  {
    title: 'a full database',
    given: view(three, { alarms: [{ kind: 'NoSpace', memberID: 'a1' }] }),
    type: 'StorageHealthy',
    status: 'False',
    reason: 'NoSpace',
  },
];
for (const { title, given, type, status, reason } of cases) {
  test(`${title}: ${type} is ${status} (${reason})`, () => {
    const condition = ownConditions(given).find((one) => one.type === type);
    assert.deepEqual([condition?.status, condition?.reason], [status, reason]);
    assert.match(condition?.message ?? '', /^[A-Za-z0-9].*\.$/);
  });
}

test('the status counts ready of wanted, and names the leader and the lowest version', () => {
  const records = [record(1, { version: '3.5.30' }), record(2, { version: '3.5.16', ready: false })];
  const seen = facts({ reports: new Map([['db-1', report('a1')]]) });
  const { ready, leader, version, clusterSize } = statusFields(seen, records);
  assert.deepEqual([ready, leader, version, clusterSize], ['1/3', 'db-1', 'v3.5.16', 2]);
  assert.equal(isWhole(seen, records), false);
});
