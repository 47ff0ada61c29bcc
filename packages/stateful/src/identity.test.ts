import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberName, nextSerial, serialOf } from './identity.ts';

const serials = [
  { title: 'a member of the cluster', cluster: 'db', name: 'db-7', serial: 7 },
  { title: 'a cluster whose name ends in a number', cluster: 'db-1', name: 'db-1-12', serial: 12 },
  { title: 'a member of a cluster with a longer name', cluster: 'db', name: 'db-1-12', serial: undefined },
  { title: 'another suffix', cluster: 'db', name: 'db-client', serial: undefined },
  { title: 'a leading zero', cluster: 'db', name: 'db-07', serial: undefined },
];
for (const { title, cluster, name, serial } of serials) {
  test(`the serial of ${title} is ${serial}`, () => assert.equal(serialOf(cluster, name), serial));
}

test('a name made from a serial gives the serial back', () => {
  assert.equal(serialOf('db', memberName('db', 41)), 41);
});

const nexts = [
  { title: 'the first serial is 1', recorded: undefined, found: [], next: 1 },
  { title: 'a recorded serial goes on', recorded: 4, found: ['db-1'], next: 4 },
  { title: 'a name found above the record wins', recorded: 2, found: ['db-9', 'db-3'], next: 10 },
  { title: 'names of others do not count', recorded: 2, found: ['other-9', 'db-client'], next: 2 },
];
for (const { title, recorded, found, next } of nexts) {
  test(title, () => assert.equal(nextSerial('db', recorded, found), next));
}
