import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EtcdUnderTest } from './etcd-cluster.ts';
import { eventually, TestCluster } from './local-cluster.ts';

/** The other versions of the catalogue, and a cluster without TLS in memory. */
let cluster: TestCluster;

before(() => {
  cluster = TestCluster.start();
  cluster.installEtcdOperator();
});
after(() => cluster[Symbol.asyncDispose]());

test('three members of 3.4.23: create, resize, heal', async () => {
  const etcd = new EtcdUnderTest(cluster, 'old');
  etcd.create({ clusterSize: 3, version: 'v3.4.23', deletionPolicy: 'Delete' });
  await etcd.settled(3);
  await etcd.write('k', 'v');
  cluster.kubectl('scale', 'etcdcluster/old', '--replicas=1');
  await etcd.settled(1);
  cluster.kubectl('scale', 'etcdcluster/old', '--replicas=3');
  await etcd.settled(3);
  const [pod] = etcd.pods();
  cluster.kubectl('delete', 'pod', pod!.metadata.name, '--wait=false');
  await etcd.settled(3);
  await etcd.expect('k', 'v');
  cluster.kubectl('delete', 'etcd', 'old');
  await eventually('the claims have gone, as the policy says', () => {
    return cluster.kubectl('get', 'pvc', '-l', 'etcd.reeve.dev/cluster=old', '-o', 'name') === '';
  });
});

test('one member of 3.5.30 in memory without TLS', async () => {
  const etcd = new EtcdUnderTest(cluster, 'plain');
  etcd.create({ clusterSize: 1, version: '3.5.30', storage: { medium: 'Memory' }, tls: { mode: 'Disabled' } });
  await etcd.settled(1);
  await etcd.write('k', 'v');
  await etcd.expect('k', 'v');
  assert.equal(cluster.kubectl('get', 'pvc', '-l', 'etcd.reeve.dev/cluster=plain', '-o', 'name'), '');
});
