import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import type { MemberRecord } from '../api/status.ts';
import { facts, record, report } from './example-facts.ts';
import type { Facts } from './facts.ts';
import { diskOf, refreshRecords } from './records.ts';

const running = (uid: string, ready = true): Pod => ({
  metadata: { name: 'db-1', uid },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const waiting = (uid: string): Pod => ({ metadata: { name: 'db-1', uid }, status: { phase: 'Pending' } });
const claim = (uid: string, labels: Record<string, string> = {}): PersistentVolumeClaim => ({
  metadata: { name: 'db-1', uid, labels },
});
const listed = (learner = false, id = 'a1'): Pick<Facts, 'list'> => ({
  list: { clusterID: 'c1', members: [{ id, name: '', peerURLs: ['https://db-1.db-peers.ns.svc:2380'], learner }] },
});
const nobody: Pick<Facts, 'list'> = { list: { clusterID: 'c1', members: [] } };

interface Case {
  readonly title: string;
  readonly before: Partial<MemberRecord>;
  readonly seen: Parameters<typeof facts>[0];
  readonly after: Readonly<Record<string, unknown>>;
}

const unknown = { id: undefined, role: 'Joining', ready: false } as const;
const cases: readonly Case[] = [
  {
    title: 'a member that etcd lists under its peer URL gets its ID',
    before: unknown,
    seen: listed(true),
    after: { id: 'a1', role: 'Learner' },
  },
  { title: 'a promoted member is a voter', before: { role: 'Learner' }, seen: listed(), after: { role: 'Voter' } },
  {
    title: 'a member with an ID that a majority no longer lists has left',
    before: {},
    seen: nobody,
    after: { role: 'Leaving' },
  },
  { title: 'one without an ID has not joined yet', before: unknown, seen: nobody, after: { role: 'Joining' } },
  { title: 'without a majority the last known role stands', before: {}, seen: {}, after: { role: 'Voter' } },
  {
    title: 'a voter that answers with a ready pod is ready',
    before: { ready: false },
    seen: { ...listed(), pods: new Map([['db-1', running('p')]]), reports: new Map([['db-1', report('a1')]]) },
    after: { ready: true, version: '3.5.16', podUID: 'p', silentSince: undefined },
  },
  {
    title: 'one whose pod is not ready is not',
    before: {},
    seen: { ...listed(), pods: new Map([['db-1', running('p', false)]]), reports: new Map([['db-1', report('a1')]]) },
    after: { ready: false },
  },
  {
    title: 'silence is counted from when it was first heard',
    before: { silentSince: '1970-01-01T00:00:05.000Z' },
    seen: { ...listed(), pods: new Map([['db-1', running('p')]]) },
    after: { ready: false, silentSince: '1970-01-01T00:00:05.000Z' },
  },
  {
    title: 'a pod that never ran leaves no trace',
    before: unknown,
    seen: { pods: new Map([['db-1', waiting('p')]]) },
    after: { podUID: undefined },
  },
  {
    title: 'a new pod on the disk takes the place of the old one',
    before: { podUID: 'p' },
    seen: { pods: new Map([['db-1', running('q')]]) },
    after: { podUID: 'q' },
  },
  {
    title: 'in memory the first pod stays on record',
    before: { podUID: 'p' },
    seen: { spec: { storage: { medium: 'Memory' } }, pods: new Map([['db-1', running('q')]]) },
    after: { podUID: 'p' },
  },
  {
    title: 'the claim is recorded once',
    before: {},
    seen: { claims: new Map([['db-1', claim('x')]]) },
    after: { claimUID: 'x' },
  },
  {
    title: 'and never replaced',
    before: { claimUID: 'x' },
    seen: { claims: new Map([['db-1', claim('y')]]) },
    after: { claimUID: 'x' },
  },
  {
    title: "a claim that was set aside is nobody's disk",
    before: {},
    seen: { claims: new Map([['db-1', claim('x', { 'reeve.dev/retired': 'true' })]]) },
    after: { claimUID: undefined },
  },
];
for (const { title, before, seen, after } of cases) {
  test(title, () => {
    const [refreshed] = refreshRecords(facts({ ...seen, status: { members: [record(1, before)] } }));
    const fields: Record<string, unknown> = { ...refreshed };
    for (const [key, value] of Object.entries(after)) assert.deepEqual(fields[key], value, key);
  });
}

test('a look that sees nothing new changes nothing', () => {
  const seen = { ...listed(), pods: new Map([['db-1', running('p')]]), reports: new Map([['db-1', report('a1')]]) };
  const once = refreshRecords(facts({ ...seen, status: { members: [record(1)] } }));
  assert.deepEqual(refreshRecords(facts({ ...seen, nowMs: 2_000_000, status: { members: once } })), once);
});

test('another claim under the name is a lost disk', () => {
  const seen = facts({ claims: new Map([['db-1', claim('y')]]) });
  assert.equal(diskOf(seen, record(1, { claimUID: 'x' })).state, 'lost');
});
