import assert from 'node:assert/strict';
import { test } from 'node:test';
import { etcdErrorOf, isEtcdError, type EtcdErrorCode } from './etcd-error.ts';

const cases: readonly { details: string; code: number; is: EtcdErrorCode; passing: boolean }[] = [
  { details: 'etcdserver: unhealthy cluster', code: 14, is: 'Unhealthy', passing: true },
  {
    details: 'etcdserver: re-configuration failed due to not enough started members',
    code: 9,
    is: 'NotStarted',
    passing: true,
  },
  {
    details: 'etcdserver: can only promote a learner member which is in sync with leader',
    code: 9,
    is: 'NotInSync',
    passing: true,
  },
  { details: 'etcdserver: too many learner members in cluster', code: 9, is: 'TooManyLearners', passing: true },
  { details: 'etcdserver: Peer URLs already exists', code: 9, is: 'PeerExists', passing: false },
  { details: 'etcdserver: member not found', code: 5, is: 'MemberNotFound', passing: false },
  { details: 'etcdserver: not leader', code: 9, is: 'NotLeader', passing: true },
  { details: 'etcdserver: no leader', code: 14, is: 'NoLeader', passing: true },
  { details: 'etcdserver: request timed out', code: 14, is: 'TimedOut', passing: true },
  { details: 'No connection established', code: 14, is: 'Unreachable', passing: true },
  { details: 'Deadline exceeded', code: 4, is: 'TimedOut', passing: true },
  { details: 'etcdserver: mvcc: database space exceeded', code: 8, is: 'NoSpace', passing: false },
  { details: 'etcdserver: corrupt cluster', code: 15, is: 'Corrupt', passing: false },
  { details: 'etcdserver: something new', code: 3, is: 'Refused', passing: false },
];
for (const { details, code, is, passing } of cases) {
  test(`"${details}" is ${is}${passing ? ', which passes' : ''}`, () => {
    const error = etcdErrorOf('Call', Object.assign(new Error('x'), { code, details }));
    assert.deepEqual([error.code, error.passing], [is, passing]);
    assert.match(error.message, /^Call: /);
    assert.equal(isEtcdError(error, is), true);
  });
}
