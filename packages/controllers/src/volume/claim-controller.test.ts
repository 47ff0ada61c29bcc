import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import { StorageClass } from '@reeve/api/storage/v1';
import { createClient } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { createManager } from '@reeve/operator';
import type { Log } from '@reeve/operator';
import { seededRandom, testServer } from '@reeve/testing';
import type { TestServer } from '@reeve/testing';
import { claimController } from './claim-controller.ts';
import { PROVISIONER } from './directory-provisioner.ts';
import { volumeController } from './volume-controller.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

interface Play {
  readonly client: Client;
  readonly clock: TestServer['clock'];
  /** Names of the volumes whose directories exist. */
  readonly directories: ReadonlySet<string>;
}

async function withVolumes(play: (given: Play) => Promise<void>): Promise<void> {
  await using server = await testServer();
  const client = createClient(server.transport, { clock: server.clock, random: seededRandom(1) });
  const directories = new Set<string>();
  const effects = {
    pathOf: (name: string) => `/data/${name}`,
    create: (name: string) => Promise.resolve(void directories.add(name)),
    remove: (name: string) => Promise.resolve(void directories.delete(name)),
  };
  const manager = createManager({ client, name: 'test', log: silent });
  manager.add(claimController(effects));
  manager.add(volumeController(effects));
  manager.start().catch(() => undefined);
  await client.of(Namespace).create({ metadata: { name: 'x' } });
  try {
    await play({ client, clock: server.clock, directories });
  } finally {
    const stopped = manager.stop();
    await server.clock.advance(60_000);
    await stopped;
  }
}

async function makeClass(client: Client, volumeBindingMode: 'Immediate' | 'WaitForFirstConsumer'): Promise<void> {
  await client
    .of(StorageClass)
    .create({ metadata: { name: 's' }, provisioner: PROVISIONER, volumeBindingMode, allowVolumeExpansion: true });
}

async function makeClaim(client: Client, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  const resources = { requests: { storage: '1Gi' } };
  await client
    .of(PersistentVolumeClaim)
    .in('x')
    .create({
      metadata: { name: 'c', annotations },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 's', resources },
    });
}

test('a claim gets a directory of its own, which goes with it', () =>
  withVolumes(async ({ client, clock, directories }) => {
    await makeClass(client, 'Immediate');
    await makeClaim(client);
    await clock.advance(2000);
    const claim = await client.of(PersistentVolumeClaim).in('x').get('c');
    assert.deepEqual([claim.status?.phase, directories.size], ['Bound', 1]);
    await client.of(PersistentVolumeClaim).in('x').delete('c');
    await clock.advance(2000);
    assert.deepEqual((await client.of(PersistentVolume).list()).items, []);
    assert.equal(directories.size, 0);
  }));

test('a claim that asks for more gets it at once', () =>
  withVolumes(async ({ client, clock }) => {
    await makeClass(client, 'Immediate');
    await makeClaim(client);
    await clock.advance(2000);
    const claims = client.of(PersistentVolumeClaim).in('x');
    await claims.patch('c', { merge: { spec: { resources: { requests: { storage: '3Gi' } } } } });
    await clock.advance(2000);
    assert.equal((await claims.get('c')).status?.capacity?.['storage'], '3Gi');
  }));

test('a claim that waits for its first pod gets its volume on the node that the scheduler chose', () =>
  withVolumes(async ({ client, clock, directories }) => {
    await makeClass(client, 'WaitForFirstConsumer');
    await makeClaim(client);
    await clock.advance(2000);
    assert.equal(directories.size, 0);
    const annotations = { 'volume.kubernetes.io/selected-node': 'n1' };
    await client
      .of(PersistentVolumeClaim)
      .in('x')
      .patch('c', { merge: { metadata: { annotations } } });
    await clock.advance(2000);
    const [volume] = (await client.of(PersistentVolume).list()).items;
    const terms = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms;
    assert.deepEqual(terms?.[0]?.matchExpressions?.[0]?.values, ['n1']);
  }));

test('a claim stays as long as a pod on a node uses it', () =>
  withVolumes(async ({ client, clock }) => {
    await makeClass(client, 'Immediate');
    await makeClaim(client);
    await client.of(Node).create({ metadata: { name: 'n1' } });
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
    const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }], volumes };
    const pods = client.of(Pod).in('x');
    await pods.create({ metadata: { name: 'p' }, spec });
    await clock.advance(2000);
    const claims = client.of(PersistentVolumeClaim).in('x');
    await claims.delete('c');
    await clock.advance(2000);
    assert.notEqual(await claims.find('c'), undefined);
    await pods.delete('p', { gracePeriodSeconds: 0 });
    await clock.advance(2000);
    assert.equal(await claims.find('c'), undefined);
  }));
