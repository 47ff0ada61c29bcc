import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import { EtcdUnderTest } from './etcd-cluster.ts';
import { eventually, TestCluster } from './local-cluster.ts';

/** What the README tells a newcomer to type, in its order, with real kubectl and real etcd. */
let cluster: TestCluster;
let etcd: EtcdUnderTest;

before(() => {
  cluster = TestCluster.start();
  etcd = new EtcdUnderTest(cluster, 'example');
  cluster.installEtcdOperator();
});
after(() => cluster[Symbol.asyncDispose]());

test('three nodes are ready', () => {
  cluster.kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=20s');
  assert.equal(cluster.kubectl('get', 'nodes', '-o', 'name').split('\n').length, 3);
});

test('applying the example gives three members, with a real put and get', async () => {
  cluster.kubectl('apply', '-f', 'examples/etcd/cluster.yaml');
  cluster.kubectl('wait', '--for=condition=Ready', 'etcdcluster/example', '--timeout=90s');
  await etcd.settled(3);
  await etcd.write('greeting', 'hello');
  await etcd.expect('greeting', 'hello');
});

test('kubectl get etcd shows the columns READY, LEADER, VERSION, STATUS and AGE', () => {
  const [header = '', row = ''] = cluster.kubectl('get', 'etcd').split('\n');
  assert.match(header, /^NAME +READY +LEADER +VERSION +STATUS +AGE$/);
  assert.match(row, /^example +3\/3 +example-\d+ +v?3\.5\.16 +\w+ +\d+m?\d*s?$/);
});

test('kubectl explain and api-resources know the kind', () => {
  assert.match(cluster.kubectl('explain', 'etcdcluster.spec.clusterSize'), /How many members/);
  assert.match(cluster.kubectl('api-resources'), /etcdclusters +ec,etcd +etcd\.reeve\.dev\/v1alpha1/);
});

test('etcdctl works in kubectl exec without flags', () => {
  const [pod] = etcd.pods();
  assert.equal(etcd.etcdctl(pod!.metadata.name, 'member', 'list').split('\n').length, 3);
  const failed = cluster.tryKubectl('exec', pod!.metadata.name, '--', 'etcdctl', 'no-such-command');
  assert.notEqual(failed.code, 0);
});

test('kubectl logs follows a member', async () => {
  const [pod] = etcd.pods();
  assert.match(cluster.kubectl('logs', pod!.metadata.name, '--tail=5'), /"level"/);
  const follow = cluster.startKubectl('logs', '-f', '--tail=1', pod!.metadata.name);
  await once(follow.stdout!, 'data');
  assert.equal(follow.exitCode, null, 'the log goes on');
  follow.kill();
});

test('kubectl port-forward reaches the client service', async () => {
  const forward = cluster.startKubectl('port-forward', 'svc/example-client', ':2379');
  const [line] = (await once(forward.stdout!, 'data')) as [Buffer];
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1]);
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  forward.kill();
});

test('kubectl describe tells the conditions and events', () => {
  const text = cluster.kubectl('describe', 'etcd', 'example');
  assert.match(text, /Conditions:/);
  assert.match(text, /Events:/);
});

test('kubectl scale grows the cluster to five and back, and the data stays', async () => {
  cluster.kubectl('scale', 'etcdcluster/example', '--replicas=5');
  await etcd.settled(5);
  await etcd.write('five', 'members');
  cluster.kubectl('scale', 'etcdcluster/example', '--replicas=3');
  await etcd.settled(3);
  await etcd.expect('greeting', 'hello');
  await etcd.expect('five', 'members');
  assert.equal((await etcd.anywhere('member', 'list')).split('\n').length, 3);
});

test('a deleted pod comes back as the same member on the same disk', async () => {
  const before = etcd.memberIDs();
  const [pod] = etcd.pods();
  const { name, uid } = pod!.metadata;
  const claim = etcd.claimOf(name);
  cluster.kubectl('delete', 'pod', name, '--wait=false');
  await eventually('a new pod', () =>
    etcd.pods().some(({ metadata }) => metadata.name === name && metadata.uid !== uid),
  );
  await etcd.settled(3);
  assert.deepEqual(etcd.memberIDs(), before);
  assert.equal(etcd.claimOf(name), claim);
  await etcd.expect('greeting', 'hello');
});

test('an idle cluster writes nothing to the API', async () => {
  await etcd.settled(3);
  const versions = (): string =>
    cluster.kubectl('get', 'etcd,pods,services,secrets,pvc,pdb', '-o', 'jsonpath={.items[*].metadata.resourceVersion}');
  const idle = versions();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  assert.equal(versions(), idle);
});

test('deleting the cluster takes everything that it owns along', async () => {
  cluster.kubectl('delete', 'etcdcluster', 'example');
  await eventually('nothing is left', () => {
    const left = cluster.kubectl(
      'get',
      'pods,services,pdb,secrets',
      '-l',
      'etcd.reeve.dev/cluster=example',
      '-o',
      'name',
    );
    return left === '';
  });
});
