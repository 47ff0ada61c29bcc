import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@reeve/api/core/v1';
import { memberPod } from '../objects/pod.ts';
import { facts, record, report } from './example-facts.ts';
import { preflightOf } from './preflight.ts';
import { viewOf } from './view-of.ts';

const base = facts();
const blueprint = { version: 'v3.5.16' };
const stored = (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, uid: 'p' }, status: { phase: 'Running' } });
const made = (version: string, fenced: boolean): Pod =>
  stored(memberPod(base.identity, { version }, 'db-1', fenced ? { kind: 'fenced' } : { kind: 'seed' }, true));
const viewOfPod = (pod: Pod) =>
  viewOf(facts({ status: { accepted: blueprint }, pods: new Map([['db-1', pod]]) }), [record(1)]).members[0];

test('a pod of the accepted spec is up to date, one of another is not', () => {
  assert.equal(viewOfPod(made('v3.5.16', true))?.outdated, false);
  assert.equal(viewOfPod(made('v3.5.30', true))?.outdated, true);
});

test('a pod shows whether its next start is fenced', () => {
  assert.equal(viewOfPod(made('v3.5.16', true))?.fenced, true);
  assert.equal(viewOfPod(made('v3.5.16', false))?.fenced, false);
});

test('the leader is who says so of itself', () => {
  const reports = new Map([
    ['db-1', report('a1')],
    ['db-2', report('a2')],
  ]);
  const { members } = viewOf(facts({ reports }), [record(1), record(2)]);
  assert.deepEqual(
    members.map(({ leader }) => leader),
    [true, false],
  );
});

test('an alarm that several members know is one alarm', () => {
  const alarms = [{ kind: 'NoSpace', memberID: 'a1' }] as const;
  const reports = new Map([
    ['db-1', report('a1', { alarms })],
    ['db-2', report('a2', { alarms })],
  ]);
  assert.deepEqual(viewOf(facts({ reports }), []).alarms, alarms);
});

test('the next serial is above every name that is taken, of earlier clusters too', () => {
  assert.equal(viewOf(facts({ namesTaken: ['db-7', 'db-client'] }), []).nextSerial, 8);
});

const changes = [
  { title: 'the same spec is no change', spec: {}, change: undefined },
  { title: 'another size is none for the pods', spec: { clusterSize: 5 }, change: undefined },
  { title: 'another version is one', spec: { version: 'v3.5.30' }, change: 'version v3.5.16 to v3.5.30' },
  { title: 'and so are other resources', spec: { resources: { requests: { cpu: '1' } } }, change: 'resources' },
];
for (const { title, spec, change } of changes) {
  test(title, () => assert.equal(viewOf(facts({ spec, status: { accepted: blueprint } }), []).change?.summary, change));
}

test('a version that etcd can not reach is refused from the lowest that runs', () => {
  const seen = facts({ spec: { version: 'v3.6.1' }, status: { accepted: { version: 'v3.5.30' } } });
  const { change } = viewOf(seen, [record(1, { version: '3.5.30' }), record(2, { version: '3.5.16' })]);
  assert.match(change?.refused?.why ?? '', /from v3\.5\.16 to v3\.6\.1/);
});

const trial = (status: Pod['status']): Pod => ({
  metadata: { name: 'db-trial', uid: 't', annotations: { 'etcd.reeve.dev/fingerprint': 'f' } },
  ...(status ? { status } : {}),
});
const failing = (reason: string): Pod['status'] => ({
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'etcd',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason, message: 'why' } },
    },
  ],
});
const unscheduled: Pod['status'] = {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3' }],
};
const trials: readonly { title: string; pod: Pod | undefined; state: string; obstacle?: string }[] = [
  { title: 'no trial pod', pod: undefined, state: 'none' },
  { title: 'a trial pod that starts', pod: trial({ phase: 'Pending' }), state: 'running' },
  { title: 'one that has run', pod: trial({ phase: 'Succeeded' }), state: 'passed' },
  { title: 'one that has failed', pod: trial({ phase: 'Failed' }), state: 'failed', obstacle: 'CannotStart' },
  { title: 'one without an image', pod: trial(failing('ErrImagePull')), state: 'failed', obstacle: 'ImageUnavailable' },
  { title: 'one without a node', pod: trial(unscheduled), state: 'failed', obstacle: 'NoRoom' },
];
for (const { title, pod, state, obstacle } of trials) {
  test(`${title}: the trial is ${obstacle ?? state}`, () => {
    const preflight = preflightOf(facts({ trial: pod }));
    assert.equal(preflight.state, state);
    if (obstacle) assert.equal(preflight.state === 'failed' && preflight.obstacle, obstacle);
  });
}
