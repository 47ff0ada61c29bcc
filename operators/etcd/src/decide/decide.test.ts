import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { member, noMajority, pod, silent, view, wanted } from './example-views.ts';
import { defaultPolicy, type ClusterView } from './view.ts';

interface Case {
  readonly title: string;
  readonly given: ClusterView;
  readonly nowMs?: number;
  /** A part of the action. */
  readonly expected: Readonly<Record<string, unknown>>;
  readonly says?: RegExp;
}

const minute = 60_000;
const gone = { pod: { state: 'absent' } } as const;
const lostDisk = { disk: { state: 'lost', why: 'its volume claim is gone' } } as const;
const reserved = (serial: number, more: Parameters<typeof member>[1] = {}) =>
  member(serial, {
    id: undefined,
    role: 'unlisted',
    started: false,
    answers: false,
    labelledVoter: false,
    leader: false,
    disk: { state: 'missing' },
    pod: { state: 'absent' },
    ...more,
  });
const added = (serial: number, more: Parameters<typeof member>[1] = {}) =>
  reserved(serial, { id: `a${serial}`, role: 'learner', disk: { state: 'ready', uid: `claim-${serial}` }, ...more });
const noRoom = pod({
  state: 'pending',
  ready: false,
  node: 'none',
  problem: { reason: 'Unschedulable', message: '0/3 nodes' },
});
const noImage = pod({ state: 'pending', ready: false, problem: { reason: 'ErrImagePull', message: 'no such image' } });
const unformed: Partial<ClusterView> = { clusterID: undefined, ...noMajority };

const create: readonly Case[] = [
  {
    title: 'an empty cluster reserves its first member',
    given: view([], { ...unformed, ...wanted(3) }),
    expected: { kind: 'Reserve', member: 'db-1', seed: true, serial: 1 },
  },
  {
    title: 'claims left by an earlier cluster are passed over',
    given: view([], { ...unformed, ...wanted(3), nextSerial: 4 }),
    expected: { kind: 'Reserve', member: 'db-4', serial: 4 },
  },
  {
    title: 'the first member gets a disk',
    given: view([reserved(1)], unformed),
    expected: { kind: 'CreateClaim', member: 'db-1' },
  },
  {
    title: 'then its pod, which may say new',
    given: view([reserved(1, { disk: { state: 'ready', uid: 'c' } })], unformed),
    expected: { kind: 'CreatePod', member: 'db-1', first: true },
  },
  {
    title: 'I1: a first member that has run once is fenced, even before the cluster is on record',
    given: view([reserved(1, { started: true, disk: { state: 'ready', uid: 'c' } })], unformed),
    expected: { kind: 'CreatePod', first: false },
  },
  {
    title: 'while it starts there is nothing to do',
    given: view([reserved(1, { started: true, disk: { state: 'ready' }, pod: pod({ ready: false }) })], unformed),
    expected: { kind: 'Wait', task: 'Creating' },
  },
  {
    title: 'once it answers, the cluster goes on record',
    given: view([member(1)], { clusterID: undefined }),
    expected: { kind: 'Latch', clusterID: 'c1' },
  },
  {
    title: 'a first member whose disk is lost before that is given up: its pod first',
    given: view([reserved(1, { started: true, ...lostDisk, pod: pod() })], unformed),
    expected: { kind: 'DeletePod', member: 'db-1' },
  },
  {
    title: 'then its record',
    given: view([reserved(1, { started: true, ...lostDisk })], unformed),
    expected: { kind: 'Forget', member: 'db-1' },
  },
  {
    title: 'one that finds its disk empty gives the disk up first, so that the loss is not forgotten with the pod',
    given: view(
      [
        reserved(1, {
          started: true,
          disk: { state: 'ready', uid: 'c' },
          pod: pod({ ready: false, lastWords: 'cannot fetch cluster info from peer urls' }),
        }),
      ],
      unformed,
    ),
    expected: { kind: 'RetireClaim', member: 'db-1', uid: 'c' },
  },
  {
    title: 'an image that does not exist is named with the next step',
    given: view([reserved(1, { started: true, disk: { state: 'ready' }, pod: noImage, silentSince: 0 })], unformed),
    nowMs: minute,
    expected: { kind: 'Blocked', obstacle: 'ImageUnavailable', next: 'Set spec.version to a version that exists.' },
    says: /Pod db-1 .*no such image/,
  },
  {
    title: 'a pod that never ran has left no data: the next one starts as the first',
    given: view(
      [reserved(1, { disk: { state: 'ready', uid: 'c' }, pod: { state: 'absent' }, started: false })],
      unformed,
    ),
    expected: { kind: 'CreatePod', first: true },
  },
  {
    title: 'while it finds no node, that is what is said',
    given: view([reserved(1, { disk: { state: 'ready' }, pod: noRoom, silentSince: 0 })], unformed),
    nowMs: 1000,
    expected: { kind: 'Wait', task: 'Creating' },
    says: /db-1 waits for a node: 0\/3 nodes/,
  },
  {
    title: 'before the cluster exists a changed spec is taken over at once',
    given: view([reserved(1)], { ...unformed, change: { fingerprint: 'f', summary: 'version', refused: undefined } }),
    expected: { kind: 'Accept' },
  },
  {
    title: 'and a pod that can not start is made anew from it',
    given: view([reserved(1, { started: true, disk: { state: 'ready' }, pod: noImage, outdated: true })], unformed),
    expected: { kind: 'DeletePod', member: 'db-1' },
  },
];

const growing: readonly Case[] = [
  {
    title: 'too few members: one is reserved',
    given: view([member(1)], wanted(3)),
    expected: { kind: 'Reserve', member: 'db-2', seed: false },
  },
  {
    title: 'a reserved member gets a disk',
    given: view([member(1), reserved(2)], wanted(3)),
    expected: { kind: 'CreateClaim', member: 'db-2' },
  },
  {
    title: 'and is added as a learner',
    given: view([member(1), reserved(2, { disk: { state: 'ready', uid: 'c' } })], wanted(3)),
    expected: { kind: 'AddLearner', member: 'db-2' },
  },
  {
    title: 'an added learner gets its first pod',
    given: view([member(1), added(2)], wanted(3)),
    expected: { kind: 'CreatePod', member: 'db-2', first: true },
  },
  {
    title: 'a learner that does not answer yet is waited for',
    given: view([member(1), added(2, { started: true, pod: pod({ ready: false }) })], wanted(3)),
    expected: { kind: 'Wait', task: 'ScalingUp' },
  },
  {
    title: 'a learner that answers is promoted',
    given: view([member(1), added(2, { started: true, pod: pod(), answers: true })], wanted(3)),
    expected: { kind: 'Promote', member: 'db-2', id: 'a2' },
  },
  {
    title: 'I1: a learner whose pod was never recorded is not promoted',
    given: view([member(1), added(2, { started: false, pod: pod(), answers: true })], wanted(3)),
    expected: { kind: 'Wait' },
  },
  {
    title: 'a new voter gets its label, so that clients reach it',
    given: view([member(1), member(2, { labelledVoter: false })], wanted(2)),
    expected: { kind: 'MarkPod', member: 'db-2', voter: true },
  },
  {
    title: 'I1: a member that answers is fenced before it gets a vote',
    given: view([member(1), added(2, { started: true, pod: pod(), answers: true, fenced: false })], wanted(3)),
    expected: { kind: 'MarkPod', member: 'db-2', voter: false },
  },
  {
    title: 'I2: no second learner while there is one',
    given: view([member(1), added(2, { started: true, pod: pod({ ready: false }) })], wanted(5)),
    expected: { kind: 'Wait' },
  },
  {
    title: 'I2: nothing is added while a voter is silent',
    given: view([member(1), member(2), silent(3, { pod: pod({ ready: false }) })], wanted(5)),
    expected: { kind: 'Wait', task: 'Healing' },
  },
  {
    title: 'a learner that finds no node is named with the ways out',
    given: view([member(1), added(2, { started: true, pod: noRoom, silentSince: 0 })], wanted(3)),
    nowMs: minute,
    expected: { kind: 'Blocked', obstacle: 'NoRoom' },
    says: /Pod db-2 finds no node: 0\/3 nodes/,
  },
  {
    title: 'a learner whose pod of an earlier spec never started gets another',
    given: view([member(1), added(2, { pod: noRoom, outdated: true })], wanted(3)),
    expected: { kind: 'DeletePod', member: 'db-2' },
  },
  {
    title: 'a learner that is no longer wanted is taken back',
    given: view([member(1), added(2, { started: true, pod: noRoom })], wanted(1)),
    expected: { kind: 'RemoveMember', member: 'db-2', task: 'ScalingDown' },
  },
  {
    title: 'a learner that never catches up is taken back',
    given: view([member(1), added(2, { started: true, pod: pod({ ready: false }), addedAt: 0 })], wanted(3)),
    nowMs: defaultPolicy.learnerTimeoutMs,
    expected: { kind: 'RemoveMember', member: 'db-2' },
  },
  {
    title: 'a reserved member that is no longer wanted is forgotten',
    given: view([member(1), reserved(2)], wanted(1)),
    expected: { kind: 'Forget', member: 'db-2' },
  },
  {
    title: 'an even size is reached like any other',
    given: view([member(1), member(2), member(3)], wanted(4)),
    expected: { kind: 'Reserve', member: 'db-4' },
  },
];

const shrinking: readonly Case[] = [
  {
    title: 'the newest member that does not lead goes',
    given: view([member(1), member(2), member(3)], wanted(2)),
    expected: { kind: 'RemoveMember', member: 'db-3', id: 'a3' },
  },
  {
    title: 'never the leader while there is another',
    given: view([member(1, { leader: false }), member(2), member(3, { leader: true })], wanted(2)),
    expected: { kind: 'RemoveMember', member: 'db-2' },
  },
  {
    title: 'the choice stands when the leadership has moved onto it: it moves away first',
    given: view([member(1, { leader: false }), member(2), member(3, { leader: true })], {
      ...wanted(2),
      last: { task: 'ScalingDown', member: 'db-3', at: 0 },
    }),
    expected: { kind: 'MoveLeader', member: 'db-3', to: 'db-1' },
  },
  {
    title: 'the leadership goes to the voter that is furthest',
    given: view(
      [member(1, { leader: false, appliedIndex: 5 }), member(2, { appliedIndex: 9 }), member(3, { leader: true })],
      { ...wanted(2), last: { task: 'ScalingDown', member: 'db-3', at: 0 } },
    ),
    expected: { kind: 'MoveLeader', to: 'db-2', id: 'a2' },
  },
  {
    title: 'the fullest zone gives one up',
    given: view(
      [member(1, { zone: 'a' }), member(2, { zone: 'b' }), member(3, { zone: 'b' }), member(4, { zone: 'c' })],
      wanted(3),
    ),
    expected: { kind: 'RemoveMember', member: 'db-3' },
  },
  {
    title: 'I3: no healthy voter leaves while another is silent',
    given: view([member(1), member(2), silent(3)], wanted(1)),
    expected: { kind: 'Wait', task: 'Healing' },
  },
  {
    title: 'two go down to one',
    given: view([member(1), member(2)], wanted(1)),
    expected: { kind: 'RemoveMember', member: 'db-2' },
  },
  {
    title: 'I5: a removed member loses its pod before its disk is touched',
    given: view([member(1), member(2, { role: 'unlisted' })], wanted(1)),
    expected: { kind: 'DeletePod', member: 'db-2', uid: 'pod-uid' },
  },
  {
    title: 'I5: while the pod ends, the disk is left alone',
    given: view([member(1), member(2, { role: 'unlisted', pod: pod({ state: 'terminating' }) })], wanted(1)),
    expected: { kind: 'Wait', task: 'CleaningUp' },
  },
  {
    title: 'I5: the disk is kept aside, not deleted',
    given: view([member(1), member(2, { role: 'unlisted', ...gone })], wanted(1)),
    expected: { kind: 'RetireClaim', member: 'db-2', uid: 'claim-2' },
  },
  {
    title: 'then the record is closed',
    given: view([member(1), member(2, { role: 'unlisted', ...gone, disk: { state: 'missing' } })], wanted(1)),
    expected: { kind: 'Forget', member: 'db-2' },
  },
  {
    title: 'I5: without a majority nothing is cleared away',
    given: view([member(1), member(2, { role: 'unlisted', ...gone })], { ...wanted(1), ...noMajority }),
    expected: { kind: 'Wait' },
  },
  {
    title: 'a retired claim goes when its time is over',
    given: view([member(1)], { retired: [{ name: 'db-7', uid: 'u', leftMs: 0 }] }),
    expected: { kind: 'DeleteClaim', claim: 'db-7', uid: 'u' },
  },
  {
    title: 'and until then it is looked at again in time',
    given: view([member(1)], { retired: [{ name: 'db-7', uid: 'u', leftMs: 500 }] }),
    expected: { kind: 'Idle', recheckMs: 500 },
  },
];

const healing: readonly Case[] = [
  {
    title: 'a process that was killed is waited for: the node starts it again',
    given: view([member(1), member(2), silent(3, { pod: pod({ ready: false, restarts: 1 }) })]),
    nowMs: 2000,
    expected: { kind: 'Wait', task: 'Healing', soon: true },
    says: /db-3/,
  },
  {
    title: 'a deleted pod comes back: same member, same disk, fenced',
    given: view([member(1), member(2), silent(3, gone)]),
    expected: { kind: 'CreatePod', member: 'db-3', first: false, task: 'Healing' },
  },
  {
    title: 'an evicted pod makes room for a new one',
    given: view([member(1), member(2), silent(3, { pod: pod({ state: 'finished', ready: false }) })]),
    expected: { kind: 'DeletePod', member: 'db-3' },
  },
  {
    title: 'I4: a lost claim: the dead member is removed first',
    given: view([member(1), member(2), silent(3, { ...gone, ...lostDisk })]),
    expected: { kind: 'RemoveMember', member: 'db-3', task: 'Healing' },
    says: /its volume claim is gone/,
  },
  {
    title: 'I4: then a new identity is reserved',
    given: view([member(1), member(2)], { ...wanted(3), nextSerial: 4 }),
    expected: { kind: 'Reserve', member: 'db-4' },
  },
  {
    title: 'I1: an empty disk shows in the last words of etcd, and is a lost one',
    given: view([
      member(1),
      member(2),
      silent(3, { pod: pod({ ready: false, lastWords: '... cannot fetch cluster info from peer urls ...' }) }),
    ]),
    expected: { kind: 'RemoveMember', member: 'db-3' },
    says: /empty/,
  },
  {
    title: 'a member that etcd shut out is replaced',
    given: view([
      member(1),
      member(2),
      silent(3, { pod: pod({ ready: false, lastWords: 'the member has been permanently removed from the cluster' }) }),
    ]),
    expected: { kind: 'RemoveMember', member: 'db-3' },
  },
  {
    title: 'a member whose data is corrupt, by the vote of the others, is replaced',
    given: view([member(1), member(2), member(3)], { alarms: [{ kind: 'Corrupt', memberID: 'a3' }] }),
    expected: { kind: 'RemoveMember', member: 'db-3' },
  },
  {
    title: 'corrupt, nobody knows who: a person must look',
    given: view([member(1), member(2), member(3)], { alarms: [{ kind: 'Corrupt', memberID: '0' }] }),
    expected: { kind: 'Blocked', obstacle: 'DataCorrupt' },
  },
  {
    title: 'unknown is not dead: a stopped node is waited for',
    given: view([member(1), member(2), silent(3, { pod: pod({ ready: false, node: 'unknown' }) })]),
    nowMs: 4 * minute,
    expected: { kind: 'Wait', task: 'Healing', soon: false },
    says: /silent for 4 min; after 5 min of silence it is replaced/,
  },
  {
    title: 'after five minutes it is replaced, as the others hold the quorum',
    given: view([member(1), member(2), silent(3, { pod: pod({ ready: false, node: 'unknown' }) })]),
    nowMs: 5 * minute,
    expected: { kind: 'RemoveMember', member: 'db-3' },
    says: /silent for 5 min/,
  },
  {
    title: 'its pod ends when the node comes back, so the record is closed meanwhile',
    given: view([
      member(1),
      member(2),
      silent(3, { role: 'unlisted', pod: pod({ state: 'terminating', node: 'unknown' }) }),
    ]),
    expected: { kind: 'RetireClaim', member: 'db-3' },
  },
  {
    title: 'I2: two of five dead are not replaced at once',
    given: view([
      member(1),
      member(2),
      member(3),
      silent(4, { ...gone, ...lostDisk }),
      silent(5, { pod: pod({ node: 'unknown' }) }),
    ]),
    expected: { kind: 'Wait', task: 'Healing' },
    says: /not while db-5/,
  },
  {
    title: 'a member that finds no node keeps its disk and its place',
    given: view([member(1), member(2), silent(3, { pod: noRoom })]),
    nowMs: 60 * minute,
    expected: { kind: 'Blocked', obstacle: 'NoRoom' },
  },
  {
    title: 'a disk bound to a node that is gone is a lost one',
    given: view([
      member(1),
      member(2),
      silent(3, {
        pod: pod({
          state: 'pending',
          node: 'none',
          problem: { reason: 'Unschedulable', message: '1 node(s) had volume node affinity conflict' },
        }),
      }),
    ]),
    nowMs: minute,
    expected: { kind: 'RemoveMember', member: 'db-3' },
  },
  {
    title: 'the fourth replacement within an hour waits for a person',
    given: view([member(1), member(2), silent(3, { ...gone, ...lostDisk })], { replacements: [0, 1, 2] }),
    nowMs: minute,
    expected: { kind: 'Blocked', obstacle: 'TooManyReplacements' },
  },
  {
    title: 'a lost learner is removed without a count of votes',
    given: view([member(1), added(2, { started: true, ...lostDisk })], wanted(3)),
    expected: { kind: 'RemoveMember', member: 'db-2' },
  },
  {
    title: 'healing comes before resizing',
    given: view([member(1), member(2), silent(3, gone)], wanted(5)),
    expected: { kind: 'CreatePod', member: 'db-3' },
  },
  {
    title: 'a voter that answers but is not ready is waited for',
    given: view([member(1), member(2), member(3, { pod: pod({ ready: false }) })]),
    expected: { kind: 'Wait' },
    says: /db-3 to be ready/,
  },
  {
    title: 'a member added by hand blocks resizing and is named',
    given: view([member(1)], {
      ...wanted(3),
      membership: {
        state: 'known',
        clusterID: 'c1',
        members: [
          { id: 'a1', name: 'db-1', peerURLs: [], learner: false },
          { id: 'ff', name: 'x', peerURLs: ['http://x'], learner: false },
        ],
      },
    }),
    expected: { kind: 'Blocked', obstacle: 'UnknownMember' },
    says: /ff/,
  },
  {
    title: 'another cluster behind the members is left alone',
    given: view([member(1)], { membership: { state: 'known', clusterID: 'c2', members: [] } }),
    expected: { kind: 'Blocked', obstacle: 'ClusterIDMismatch' },
  },
];

const quorums: readonly Case[] = [
  {
    title: 'no majority: pods that are gone come back on their disks',
    given: view([silent(1), silent(2, gone), silent(3, gone)], noMajority),
    expected: { kind: 'CreatePod', member: 'db-2', first: false },
  },
  {
    title: 'no majority for a moment is a restart',
    given: view([member(1), silent(2), silent(3)], noMajority),
    nowMs: 5000,
    expected: { kind: 'Wait', task: 'Healing' },
    says: /db-2 and db-3/,
  },
  {
    title: 'no majority for a minute is a lost quorum: nothing is touched, and the next step is said',
    given: view(
      [member(1), silent(2, { pod: pod({ node: 'unknown' }) }), silent(3, { pod: pod({ node: 'unknown' }) })],
      noMajority,
    ),
    nowMs: minute,
    expected: { kind: 'Blocked', obstacle: 'QuorumLost' },
    says: /1 of 3 members answer, 2 are needed for 60 s: the node of db-2 is not reporting/,
  },
  {
    title: 'no majority is never a reason to replace, however long',
    given: view([member(1), silent(2), silent(3)], noMajority),
    nowMs: 600 * minute,
    expected: { kind: 'Blocked', obstacle: 'QuorumLost' },
  },
  {
    title: 'two of three disks lost can not come back',
    given: view([member(1), silent(2, { ...gone, ...lostDisk }), silent(3, { ...gone, ...lostDisk })], noMajority),
    expected: { kind: 'Blocked', obstacle: 'QuorumLost' },
    says: /the data of db-2 \(its volume claim is gone\) and db-3/,
  },
  {
    title: 'one of two disks lost is a lost quorum too',
    given: view([member(1), silent(2, { ...gone, ...lostDisk })], noMajority),
    expected: { kind: 'Blocked', obstacle: 'QuorumLost' },
  },
  {
    title: 'a lost disk of a single member is never filled with an empty one',
    given: view([silent(1, { ...gone, ...lostDisk })], noMajority),
    expected: { kind: 'Blocked', obstacle: 'QuorumLost' },
  },
  {
    title: 'paused: nothing is healed',
    given: view([member(1), silent(2, gone)], wanted(2, { paused: true })),
    expected: { kind: 'Paused' },
  },
];

const change = { fingerprint: 'f', summary: 'version v3.5.30', refused: undefined };
const passed = { state: 'passed', uid: 'p', fingerprint: 'f' } as const;
const updating: readonly Case[] = [
  {
    title: 'a changed spec is tried in a pod of its own',
    given: view([member(1), member(2), member(3)], { change }),
    expected: { kind: 'StartPreflight', fingerprint: 'f' },
  },
  {
    title: 'while that runs nothing else happens',
    given: view([member(1)], { change, preflight: { ...passed, state: 'running' } }),
    expected: { kind: 'Wait', task: 'Updating' },
  },
  {
    title: 'when it has run, the spec is taken over',
    given: view([member(1)], { change, preflight: passed }),
    expected: { kind: 'Accept' },
  },
  {
    title: 'and the trial pod goes',
    given: view([member(1)], { preflight: passed }),
    expected: { kind: 'EndPreflight', uid: 'p' },
  },
  {
    title: 'an unknown version touches nothing and is named',
    given: view([member(1), member(2), member(3)], {
      change,
      preflight: { state: 'failed', uid: 'p', fingerprint: 'f', obstacle: 'ImageUnavailable', message: 'not found' },
    }),
    expected: { kind: 'Blocked', obstacle: 'ImageUnavailable' },
    says: /version v3.5.30.*not found/,
  },
  {
    title: 'a refused version does not stop healing',
    given: view([member(1), member(2), silent(3, gone)], {
      change: { ...change, refused: { why: 'no', next: 'other' } },
    }),
    expected: { kind: 'CreatePod', member: 'db-3' },
  },
  {
    title: 'nor resizing',
    given: view([member(1), member(2)], { ...wanted(3), change: { ...change, refused: { why: 'no', next: 'other' } } }),
    expected: { kind: 'Reserve' },
  },
  {
    title: 'it is said when nothing else is to do',
    given: view([member(1)], { change: { ...change, refused: { why: 'no', next: 'other' } } }),
    expected: { kind: 'Blocked', obstacle: 'VersionRefused', reason: 'no', next: 'other' },
  },
  {
    title: 'followers restart first',
    given: view([member(1, { outdated: true }), member(2, { outdated: true }), member(3, { outdated: true })]),
    expected: { kind: 'DeletePod', member: 'db-2', task: 'Updating' },
  },
  {
    title: 'I3: none restarts while another is not ready',
    given: view([
      member(1, { outdated: true }),
      member(2, { pod: pod({ ready: false }) }),
      member(3, { outdated: true }),
    ]),
    expected: { kind: 'Wait', task: 'Updating' },
  },
  {
    title: 'none restarts while another is behind',
    given: view([
      member(1, { outdated: true, appliedIndex: 9000 }),
      member(2),
      member(3, { outdated: true, appliedIndex: 9000 }),
    ]),
    expected: { kind: 'Wait', task: 'Updating' },
    says: /db-2/,
  },
  {
    title: 'the leader comes last, and hands over first',
    given: view([member(1, { outdated: true }), member(2), member(3)]),
    expected: { kind: 'MoveLeader', member: 'db-1', to: 'db-2' },
  },
  {
    title: 'I3: a single member restarts because the spec asks, and that is said',
    given: view([member(1, { outdated: true })]),
    expected: { kind: 'DeletePod', member: 'db-1' },
    says: /pauses/,
  },
  {
    title: 'members in memory are updated by a new one that comes first',
    given: view(
      [member(1, { outdated: true }), member(2, { outdated: true }), member(3, { outdated: true })],
      wanted(3, { memory: true }),
    ),
    expected: { kind: 'Reserve', member: 'db-4' },
  },
  {
    title: 'then an old one goes',
    given: view(
      [member(1, { outdated: true }), member(2, { outdated: true }), member(3, { outdated: true }), member(4)],
      wanted(3, { memory: true }),
    ),
    expected: { kind: 'RemoveMember', member: 'db-3', task: 'Updating' },
  },
  {
    title: 'a pod that the update has ended comes back as a part of it',
    given: view([member(1), silent(2, gone), member(3, { outdated: true })], {
      last: { task: 'Updating', member: 'db-2', at: 0 },
    }),
    expected: { kind: 'CreatePod', member: 'db-2', task: 'Updating', first: false },
  },
  {
    title: 'and is waited for as a part of it',
    given: view([member(1), silent(2, { pod: pod({ ready: false }) }), member(3, { outdated: true })], {
      last: { task: 'Updating', member: 'db-2', at: 0 },
    }),
    expected: { kind: 'Wait', task: 'Updating' },
  },
  {
    title: 'one that goes long after the update heals',
    given: view([member(1), silent(2, gone), member(3)], { last: { task: 'Updating', member: 'db-2', at: 0 } }),
    nowMs: 5 * minute,
    expected: { kind: 'CreatePod', member: 'db-2', task: 'Healing' },
  },
  {
    title: 'an alarm holds the update',
    given: view([member(1), member(2, { outdated: true })], { alarms: [{ kind: 'NoSpace', memberID: 'a1' }] }),
    expected: { kind: 'Blocked', obstacle: 'UpdateHalted' },
  },
  {
    title: 'a member that does not come up stops the update',
    given: view([
      member(1, { outdated: true }),
      member(2, { outdated: true }),
      silent(3, { pod: pod({ ready: false, restarts: 4 }) }),
    ]),
    nowMs: 10 * minute,
    expected: { kind: 'Blocked', obstacle: 'UpdateHalted' },
    says: /db-3/,
  },
  {
    title: 'taking the change back makes its pod anew',
    given: view([member(1), member(2), silent(3, { outdated: true, pod: pod({ ready: false, restarts: 4 }) })]),
    nowMs: 10 * minute,
    expected: { kind: 'DeletePod', member: 'db-3', task: 'Healing' },
  },
  {
    title: 'a disk that may not grow is named',
    given: view([member(1)], { claimsRefused: 'the class forbids it' }),
    expected: { kind: 'Blocked', obstacle: 'StorageRefused' },
    says: /the class forbids it/,
  },
  {
    title: 'and holds up no healing',
    given: view([member(1), member(2), silent(3, gone)], { claimsRefused: 'the class forbids it' }),
    expected: { kind: 'CreatePod', member: 'db-3' },
  },
  {
    title: 'a lost authority is named, and members run on',
    given: view([member(1)], { authorityMissing: 'db-ca' }),
    expected: { kind: 'Blocked', obstacle: 'AuthorityMissing' },
    says: /Secret db-ca is missing/,
  },
];

const groups = { create, growing, shrinking, healing, quorums, updating };
for (const [group, cases] of Object.entries(groups)) {
  for (const { title, given, nowMs = 0, expected, says } of cases) {
    test(`${group}: ${title}`, () => {
      const action: Action = decide(given, defaultPolicy, nowMs);
      const fields: Record<string, unknown> = { ...action };
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(fields[key], value, JSON.stringify(action));
      if (says) assert.match(action.reason, says);
    });
  }
}
