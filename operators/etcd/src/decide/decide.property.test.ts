import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quorum, type DiskState, type PodState } from '@reeve/stateful';
import { isDeed } from './action.ts';
import { decide } from './decide.ts';
import { member, pod, view } from './example-views.ts';
import { defaultPolicy, type ClusterView, type MemberView } from './view.ts';

const disks: fc.Arbitrary<DiskState> = fc.constantFrom<DiskState>(
  { state: 'ready', uid: 'c' },
  { state: 'ready', uid: 'c' },
  { state: 'missing' },
  { state: 'lost', why: 'gone' },
);
const pods: fc.Arbitrary<PodState> = fc.oneof(
  fc.constant<PodState>({ state: 'absent' }),
  fc
    .record({
      state: fc.constantFrom('pending' as const, 'running' as const, 'terminating' as const, 'finished' as const),
      ready: fc.boolean(),
      node: fc.constantFrom('ready' as const, 'unknown' as const, 'gone' as const, 'none' as const),
      restarts: fc.nat(3),
      lastWords: fc.constantFrom('', 'cannot fetch cluster info from peer urls'),
    })
    .map(pod),
);
const members = fc
  .array(
    fc.record({
      role: fc.constantFrom(
        'voter' as const,
        'voter' as const,
        'voter' as const,
        'learner' as const,
        'unlisted' as const,
      ),
      known: fc.boolean(),
      started: fc.boolean(),
      answers: fc.boolean(),
      outdated: fc.boolean(),
      disk: disks,
      pod: pods,
      silentSince: fc.nat(1_000_000),
      appliedIndex: fc.nat(3000),
      leader: fc.boolean(),
    }),
    { maxLength: 7 },
  )
  .map((drawn) =>
    drawn
      .map(arrange)
      .filter(({ role }, index, all) => role !== 'learner' || all.findIndex((one) => one.role === 'learner') === index),
  );

function arrange(one: { known: boolean } & Partial<MemberView>, index: number): MemberView {
  const { known, ...more } = one;
  const running = more.pod?.state === 'running' || more.pod?.state === 'terminating';
  const drawn = member(index + 1, { ...more, answers: (more.answers ?? false) && running });
  return drawn.role === 'unlisted' && !known ? { ...drawn, id: undefined, answers: false } : drawn;
}

const views: fc.Arbitrary<ClusterView> = fc
  .record({
    members,
    size: fc.integer({ min: 1, max: 9 }),
    memory: fc.boolean(),
    paused: fc.boolean(),
    latched: fc.boolean(),
    changed: fc.boolean(),
    replacements: fc.array(fc.nat(1_000_000), { maxLength: 4 }),
  })
  .map(({ members: all, size, memory, paused, latched, changed, replacements }) => {
    const voters = all.filter(({ role }) => role === 'voter');
    const majority = voters.filter(({ answers }) => answers).length >= quorum(voters.length);
    const base = view(all, { wanted: { size, memory, paused }, replacements });
    return {
      ...base,
      ...(majority ? {} : { membership: { state: 'unknown' as const } }),
      ...(latched || voters.length > 0 ? {} : { clusterID: undefined }),
      ...(changed ? { change: { fingerprint: 'f', summary: 's', refused: undefined } } : {}),
    };
  });

const nowMs = 1_000_000;
const votersOf = (given: ClusterView): readonly MemberView[] => given.members.filter(({ role }) => role === 'voter');
const target = (given: ClusterView, name: string): MemberView => {
  const found = given.members.find((one) => one.name === name);
  assert.ok(found, `${name} is a member`);
  return found;
};

function property(title: string, holds: (given: ClusterView, action: ReturnType<typeof decide>) => void): void {
  test(title, () => {
    fc.assert(
      fc.property(views, (given) => holds(given, decide(given, defaultPolicy, nowMs))),
      { numRuns: 3000 },
    );
  });
}

property('a voter is removed only while the others answer and are a majority without it', (given, action) => {
  if (action.kind !== 'RemoveMember' || target(given, action.member).role !== 'voter') return;
  const others = votersOf(given).filter(({ name }) => name !== action.member);
  assert.equal(given.membership.state, 'known');
  assert.ok(others.length > 0 && others.every(({ answers }) => answers));
  // A dead member's own vote is missing already; one that answers still agrees to its removal.
  const before = target(given, action.member).answers ? others.length : votersOf(given).length;
  assert.ok(others.length >= quorum(before));
});

property('a healthy voter of three or more is stopped only while the others are a majority', (given, action) => {
  if (action.kind !== 'DeletePod') return;
  const victim = target(given, action.member);
  if (victim.role !== 'voter' || !victim.answers || victim.pod.state === 'finished') return;
  const others = votersOf(given).filter(({ name, answers }) => name !== action.member && answers).length;
  assert.ok(
    votersOf(given).length <= 2 ? others === votersOf(given).length - 1 : others >= quorum(votersOf(given).length),
  );
});

property('a pod of a member that still has a place is not deleted in memory while it answers', (given, action) => {
  if (action.kind !== 'DeletePod' || !given.wanted.memory || given.clusterID === undefined) return;
  const victim = target(given, action.member);
  assert.ok(victim.role === 'unlisted' || !victim.answers || victim.pod.state === 'finished');
});

property('a disk is set aside only for a member that has no place and no pod that could run', (given, action) => {
  if (action.kind !== 'RetireClaim') return;
  const owner = target(given, action.member);
  assert.ok(owner.role === 'unlisted' || given.clusterID === undefined);
  if (given.clusterID === undefined) return;
  assert.ok(owner.pod.state === 'absent' || (owner.pod.state === 'terminating' && owner.pod.node !== 'ready'));
});

property('only a member that has never run gets the real initial cluster', (given, action) => {
  if (action.kind === 'CreatePod') assert.equal(action.first, !target(given, action.member).started);
});

property('a pod is made only on a disk that is there', (given, action) => {
  if (action.kind === 'CreatePod') assert.equal(target(given, action.member).disk.state, 'ready');
});

property('there is never a second learner, and none is added or promoted beside a silent voter', (given, action) => {
  if (action.kind !== 'AddLearner' && action.kind !== 'Promote') return;
  assert.ok(votersOf(given).every(({ answers }) => answers));
  if (action.kind === 'AddLearner') assert.ok(!given.members.some(({ role }) => role === 'learner'));
});

property('without a majority nothing is changed but pods that do not run', (given, action) => {
  if (given.membership.state === 'known' || given.clusterID === undefined || !isDeed(action)) return;
  assert.ok(action.kind === 'CreatePod' || action.kind === 'DeletePod', action.kind);
  if (action.kind === 'DeletePod')
    assert.ok(!target(given, action.member).answers || target(given, action.member).pod.state === 'finished');
});

property('paused is paused', (given, action) => {
  if (given.wanted.paused) assert.equal(action.kind, 'Paused');
});

property('every action says why', (_given, action) => {
  assert.match(action.reason, /^[A-Za-z0-9].{5,}[^.]$/);
});

property('idle means what was asked for is there', (given, action) => {
  if (action.kind !== 'Idle') return;
  assert.equal(votersOf(given).length, given.wanted.size);
  assert.ok(given.members.every(({ role, answers, outdated }) => role === 'voter' && answers && !outdated));
});
