import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EtcdUnderTest } from './etcd-cluster.ts';
import { eventually, TestCluster } from './local-cluster.ts';

/** What is refused, by which words, and that accepted but impossible wishes leave the healthy alone. */
let cluster: TestCluster;
let etcd: EtcdUnderTest;

before(async () => {
  cluster = TestCluster.start();
  cluster.installEtcdOperator();
  etcd = new EtcdUnderTest(cluster, 'good');
  etcd.create({ clusterSize: 1, version: 'v3.5.16', storage: { size: '2Gi' } });
  await etcd.settled(1);
});
after(() => cluster[Symbol.asyncDispose]());

const object = (spec: object, name = 'bad'): object => ({
  apiVersion: 'etcd.reeve.dev/v1alpha1',
  kind: 'EtcdCluster',
  metadata: { name },
  spec,
});

const refused: readonly {
  readonly name: string;
  readonly spec: object;
  readonly on?: string;
  readonly says: RegExp;
}[] = [
  {
    name: 'no members',
    spec: { clusterSize: 0, version: 'v3.5.16' },
    says: /spec\.clusterSize.*greater than or equal to 1/,
  },
  {
    name: 'ten members',
    spec: { clusterSize: 10, version: 'v3.5.16' },
    says: /spec\.clusterSize.*less than or equal to 9/,
  },
  {
    name: '"three" members',
    spec: { clusterSize: 'three', version: 'v3.5.16' },
    says: /spec\.clusterSize.*(integer|type)/,
  },
  {
    name: 'a version that is none',
    spec: { clusterSize: 3, version: 'latest' },
    says: /spec\.version.*semantic version/,
  },
  {
    name: 'an option that the operator owns',
    spec: { clusterSize: 3, version: 'v3.5.16', options: { 'initial-cluster': 'x' } },
    says: /spec\.options.*belong to the operator/,
  },
  {
    name: 'an unknown field',
    spec: { clusterSize: 3, version: 'v3.5.16', sizes: 3 },
    says: /unknown field "spec\.sizes"/,
  },
  {
    name: 'a shrinking disk',
    on: 'good',
    spec: { clusterSize: 1, version: 'v3.5.16', storage: { size: '1Gi' } },
    says: /spec\.storage\.size.*can not shrink/,
  },
  {
    name: 'another storage class',
    on: 'good',
    spec: { clusterSize: 1, version: 'v3.5.16', storage: { size: '2Gi', storageClassName: 'local' } },
    says: /spec\.storage\.storageClassName.*can not change/,
  },
];

for (const { name, spec, on, says } of refused) {
  test(`${name}: refused with the field and what is allowed`, () =>
    assert.match(cluster.refusal(object(spec, on)), says));
}

test('a version without an image: the healthy member stays, the condition names it, and taking it back recovers', async () => {
  await etcd.write('k', 'v');
  const [before] = etcd.pods();
  cluster.kubectl('patch', 'etcd', 'good', '--type=merge', '-p', '{"spec":{"version":"v3.5.99"}}');
  const message = await eventually('the condition tells', () => {
    const conditions = etcd.get().status?.conditions ?? [];
    return conditions.find((condition) => condition.status !== 'Unknown' && /3\.5\.99/.test(condition.message))
      ?.message;
  });
  assert.match(message, /3\.5\.99/);
  assert.equal(etcd.pods()[0]?.metadata.uid, before?.metadata.uid, 'the healthy member was not touched');
  await etcd.expect('k', 'v');
  cluster.kubectl('patch', 'etcd', 'good', '--type=merge', '-p', '{"spec":{"version":"v3.5.16"}}');
  await etcd.settled(1);
});

test('no room on any node: told, and taking it back recovers', async () => {
  const huge = new EtcdUnderTest(cluster, 'huge');
  huge.create({ clusterSize: 1, version: 'v3.5.16', resources: { requests: { cpu: '64' } } });
  await eventually(
    'the condition tells',
    () => /Insufficient cpu|huge-1/.test(huge.condition('Ready')?.message ?? '') || undefined,
  );
  await eventually(
    'the reason is told',
    () => /Insufficient cpu/.test(JSON.stringify(huge.get().status?.conditions)) || undefined,
  );
  cluster.kubectl('patch', 'etcd', 'huge', '--type=merge', '-p', '{"spec":{"resources":null}}');
  await huge.settled(1);
});

test('an image that is not in the catalogue gets ErrImagePull with the way to add it', async () => {
  cluster.kubectl('run', 'nginx', '--image=nginx');
  await eventually('the pull fails', () =>
    /ErrImagePull|ImagePullBackOff/.test(cluster.kubectl('get', 'pod', 'nginx')),
  );
  assert.match(
    cluster.kubectl('get', 'events', '--field-selector=involvedObject.name=nginx'),
    /reeve images add nginx/,
  );
});
