import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnerReference } from '@reeve/api';
import { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import { ConfigMap, Namespace } from '@reeve/api/core/v1';
import { createClient } from '@reeve/kube';
import type { Client, Stored } from '@reeve/kube';
import { createManager } from '@reeve/operator';
import type { Log } from '@reeve/operator';
import { seededRandom, testServer } from '@reeve/testing';
import type { TestServer } from '@reeve/testing';
import { garbageCollector } from './garbage-collector.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

async function withCollector(play: (client: Client, server: TestServer) => Promise<void>): Promise<void> {
  await using server = await testServer();
  const client = createClient(server.transport, { clock: server.clock, random: seededRandom(1) });
  const manager = createManager({ client, name: 'test', log: silent });
  manager.addRunnable(garbageCollector(client));
  manager.start().catch(() => undefined);
  await server.clock.advance(5000);
  try {
    await client.of(Namespace).create({ metadata: { name: 'x' } });
    await play(client, server);
  } finally {
    const stopped = manager.stop();
    await server.clock.advance(60_000);
    await stopped;
  }
}

function ownedBy({ metadata }: Stored<object>, kind: Partial<OwnerReference> = {}): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true, ...kind };
}

async function ownerAndDependent(client: Client): Promise<void> {
  const maps = client.of(ConfigMap).in('x');
  const owner = await maps.create({ metadata: { name: 'owner' } });
  await maps.create({ metadata: { name: 'dependent', ownerReferences: [ownedBy(owner)] } });
}

const modes = [
  { mode: 'Background', left: [] },
  { mode: 'Foreground', left: [] },
  { mode: 'Orphan', left: ['dependent'] },
] as const;

for (const { mode, left } of modes)
  test(`${mode} deletion of an owner leaves ${left.length === 0 ? 'nothing' : 'its dependent'}`, () =>
    withCollector(async (client, { clock }) => {
      await ownerAndDependent(client);
      await clock.advance(1000);
      await client.of(ConfigMap).in('x').delete('owner', { propagationPolicy: mode });
      await clock.advance(5000);
      const { items } = await client.of(ConfigMap).in('x').list();
      assert.deepEqual(
        items.map(({ metadata }) => [metadata.name, metadata.ownerReferences ?? []]),
        left.map((name) => [name, []]),
      );
    }));

test('a dependent with a second owner stays and loses the reference to the one that went', () =>
  withCollector(async (client, { clock }) => {
    const maps = client.of(ConfigMap).in('x');
    const [a, b] = [await maps.create({ metadata: { name: 'a' } }), await maps.create({ metadata: { name: 'b' } })];
    await maps.create({ metadata: { name: 'd', ownerReferences: [ownedBy(a), ownedBy(b)] } });
    await clock.advance(1000);
    await maps.delete('a');
    await clock.advance(5000);
    const { metadata } = await maps.get('d');
    assert.deepEqual(
      metadata.ownerReferences?.map(({ name }) => name),
      ['b'],
    );
  }));

test('an owner of a kind that was not yet watched takes its dependents along', () =>
  withCollector(async (client, { clock }) => {
    const names = { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await client.of(CustomResourceDefinition).create({
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await clock.advance(100);
    const Thing = { group: 'example.com', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
    const things = client.of(Thing).in('x');
    const owner = await things.create({ metadata: { name: 'o' } });
    const reference = ownedBy(owner, { apiVersion: 'example.com/v1', kind: 'Thing' });
    await client
      .of(ConfigMap)
      .in('x')
      .create({ metadata: { name: 'd', ownerReferences: [reference] } });
    await things.delete('o');
    await clock.advance(10_000);
    assert.equal(await client.of(ConfigMap).in('x').find('d'), undefined);
  }));
