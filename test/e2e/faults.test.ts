import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EtcdUnderTest } from './etcd-cluster.ts';
import { eventually, TestCluster } from './local-cluster.ts';

/** Fault by fault on one real cluster: what was written before must be read after, and the cluster must heal. */
let cluster: TestCluster;
let etcd: EtcdUnderTest;

before(async () => {
  cluster = TestCluster.start('--nodes', '4');
  cluster.installEtcdOperator();
  etcd = new EtcdUnderTest(cluster, 'db');
  etcd.create({ clusterSize: 3, version: 'v3.5.16' });
  await etcd.settled(3);
});
after(() => cluster[Symbol.asyncDispose]());

const memberNames = (): readonly string[] => etcd.pods().map(({ metadata }) => metadata.name);
const leader = (): string => etcd.get().status?.leader ?? '';
const follower = (): string => memberNames().find((name) => name !== leader()) ?? '';

/** SIGQUIT ends a Go program at once, without its clean-up; the kernel keeps SIGKILL from a namespace's first process. */
async function crash(member: string): Promise<void> {
  const before = etcd.pod(member).status.containerStatuses?.[0]?.restartCount ?? 0;
  cluster.tryKubectl('exec', member, '-c', 'etcd', '--', 'sh', '-c', 'kill -QUIT 1');
  await eventually(
    `${member} restarts`,
    () => (etcd.pod(member).status.containerStatuses?.[0]?.restartCount ?? 0) > before,
  );
}

for (const [title, victim] of [
  ['a follower', follower],
  ['the leader', leader],
] as const) {
  test(`the process of ${title} is killed: same member, same disk, nothing lost`, async () => {
    await etcd.write(`before killing ${title}`, '1');
    const members = etcd.memberIDs();
    await crash(victim());
    await etcd.settled(3);
    assert.deepEqual(etcd.memberIDs(), members);
    await etcd.expect(`before killing ${title}`, '1');
  });
}

test('a claim is lost: the member is removed for good and a new one joins', async () => {
  await etcd.write('before losing a disk', '1');
  const victim = follower();
  const lost = etcd.get().status?.members?.find(({ name }) => name === victim)?.id;
  cluster.kubectl('delete', 'pvc', etcd.claimOf(victim), '--wait=false');
  cluster.kubectl('delete', 'pod', victim, '--grace-period=0', '--force', '--wait=false');
  await eventually('the member has left', () => !etcd.memberIDs().includes(lost ?? ''));
  await etcd.settled(3);
  assert.ok(!memberNames().includes(victim), 'its name is never used again');
  await etcd.expect('before losing a disk', '1');
});

test('the disk of the last-joined member is lost after a change of leader: it never comes back empty', async () => {
  await etcd.write('before losing the newest', '1');
  const newest =
    memberNames()
      .toSorted((a, b) => Number(a.split('-').at(-1)) - Number(b.split('-').at(-1)))
      .at(-1) ?? '';
  if (leader() !== newest) await crash(leader());
  await etcd.settled(3);
  const lost = etcd.get().status?.members?.find(({ name }) => name === newest)?.id;
  cluster.kubectl('delete', 'pvc', etcd.claimOf(newest), '--wait=false');
  cluster.kubectl('delete', 'pod', newest, '--grace-period=0', '--force', '--wait=false');
  await eventually('the member has left', () => !etcd.memberIDs().includes(lost ?? ''));
  await etcd.settled(3);
  await etcd.expect('before losing the newest', '1');
});

test('the operator is killed while it scales: the next one goes on', async () => {
  cluster.kubectl('scale', 'etcdcluster/db', '--replicas=4');
  for (let kill = 0; kill < 3; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    cluster.kubectl('-n', 'reeve-system', 'delete', 'pods', '--all', '--grace-period=0', '--force', '--wait=false');
  }
  await etcd.settled(4, 120_000);
  cluster.kubectl('scale', 'etcdcluster/db', '--replicas=3');
  await etcd.settled(3, 120_000);
  assert.equal((await etcd.anywhere('member', 'list')).split('\n').length, 3);
  await etcd.expect('before losing a disk', '1');
});

test('two operators at once: one leads, nothing is done twice', async () => {
  cluster.kubectl('-n', 'reeve-system', 'scale', 'deployment', '--all', '--replicas=2');
  cluster.kubectl('-n', 'reeve-system', 'rollout', 'status', 'deployment', '--timeout=60s');
  cluster.kubectl('scale', 'etcdcluster/db', '--replicas=5');
  await etcd.settled(5);
  cluster.kubectl('scale', 'etcdcluster/db', '--replicas=3');
  await etcd.settled(3);
  assert.equal(memberNames().length, 3);
  cluster.kubectl('-n', 'reeve-system', 'scale', 'deployment', '--all', '--replicas=1');
});

test('paused: nothing is healed until it is unpaused', async () => {
  cluster.kubectl('patch', 'etcd', 'db', '--type=merge', '-p', '{"spec":{"paused":true}}');
  await eventually('the pause is told', () => etcd.get().status?.observedGeneration === etcd.get().metadata.generation);
  cluster.kubectl('delete', 'pod', follower(), '--wait=false');
  await eventually('the pod is gone', () => memberNames().length === 2);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  assert.equal(memberNames().length, 2);
  cluster.kubectl('patch', 'etcd', 'db', '--type=merge', '-p', '{"spec":{"paused":false}}');
  await etcd.settled(3);
});

test('quorum is lost: nothing is touched and the condition tells the next step', async () => {
  await etcd.write('before quorum loss', '1');
  const victims = memberNames().slice(0, 2);
  const claims = victims.map((name) => etcd.claimOf(name));
  const uids = etcd.pods().map(({ metadata }) => metadata.uid);
  const nodes = etcd
    .pods()
    .filter(({ metadata }) => victims.includes(metadata.name))
    .map(({ spec }) => spec.nodeName);
  assert.equal(new Set(nodes).size, 2, 'members are spread over nodes');
  for (const node of nodes) assert.equal(cluster.reeve('node', 'stop', node).code, 0);
  const told = await eventually('the loss is told', () => {
    const ready = etcd.condition('Ready');
    return ready?.status === 'False' && /quorum/i.test(`${ready.reason} ${ready.message}`) ? ready.message : undefined;
  });
  assert.ok(told.length > 20, told);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const left = etcd.pods().map(({ metadata }) => metadata.uid);
  assert.deepEqual(left.toSorted(), uids.toSorted(), 'no pod was deleted or made');
  for (const claim of claims) cluster.kubectl('get', 'pvc', claim);
  for (const node of nodes) assert.equal(cluster.reeve('node', 'start', node).code, 0);
  await etcd.settled(3);
  await etcd.expect('before quorum loss', '1');
});

test('a node is lost: the cluster waits, stays available, and is whole again when the node is back', async () => {
  await etcd.write('before losing a node', '1');
  const victim = follower();
  const { nodeName } = etcd.pod(victim).spec;
  assert.equal(cluster.reeve('node', 'stop', nodeName).code, 0);
  await eventually('the loss is told', () => etcd.get().status?.ready === '2/3');
  await etcd.write('while a node is away', '1');
  assert.equal(cluster.reeve('node', 'start', nodeName).code, 0);
  await etcd.settled(3);
  await etcd.expect('before losing a node', '1');
  await etcd.expect('while a node is away', '1');
});
