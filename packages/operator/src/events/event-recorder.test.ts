import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMap } from '@reeve/api/core/v1';
import { Event } from '@reeve/api/events/v1';
import { createClient } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { faultTransport, seededRandom, testServer } from '@reeve/testing';
import type { TestServer } from '@reeve/testing';
import type { Log } from '../log.ts';
import { Recorder } from './event-recorder.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

function recorder(server: TestServer, client: Client = server.client): Recorder {
  const { clock } = server;
  return new Recorder({ client, controller: 'op', instance: 'op-1', log: silent, clock, random: seededRandom(4) });
}

async function events(server: TestServer) {
  return (await server.client.of(Event).in('default').list()).items;
}

const about = (server: TestServer, name = 'a') =>
  server.client.of(ConfigMap).in('default').create({ metadata: { name } });

test('an event says who, what, why and about which object', async () => {
  await using server = await testServer();
  const object = await about(server);
  recorder(server).record(object, {
    type: 'Warning',
    reason: 'QuorumLost',
    action: 'Wait',
    note: 'two of three are gone',
  });
  await server.clock.settle();
  const [event] = await events(server);
  const { type, reason, action, note, reportingController, reportingInstance, regarding } = event ?? {};
  assert.deepEqual(
    { type, reason, action, note, reportingController, reportingInstance },
    {
      type: 'Warning',
      reason: 'QuorumLost',
      action: 'Wait',
      note: 'two of three are gone',
      reportingController: 'op',
      reportingInstance: 'op-1',
    },
  );
  assert.deepEqual([regarding?.kind, regarding?.name, regarding?.uid], ['ConfigMap', 'a', object.metadata.uid]);
});

test('repeated events become one series: the second is written, later ones with its end', async () => {
  await using server = await testServer();
  const object = await about(server);
  const events_ = recorder(server);
  for (let i = 0; i < 5; i += 1) {
    events_.record(object, { reason: 'Waiting', note: 'for a node' });
    await server.clock.advance(1000);
  }
  let found = await events(server);
  assert.deepEqual([found.length, found[0]?.series?.count], [1, 2]);
  await server.clock.advance(12 * 60_000);
  found = await events(server);
  assert.deepEqual([found.length, found[0]?.series?.count], [1, 5]);
  events_.record(object, { reason: 'Waiting', note: 'for a node' });
  await server.clock.settle();
  assert.equal((await events(server)).length, 2, 'after the end of a series a new event begins');
});

test('different notes are different events, but a flood about one object is cut off', async () => {
  await using server = await testServer();
  const [noisy, quiet] = [await about(server, 'noisy'), await about(server, 'quiet')];
  const events_ = recorder(server);
  for (let i = 0; i < 100; i += 1) events_.record(noisy, { reason: 'Noise', note: `number ${i}` });
  events_.record(quiet, { reason: 'Said', note: 'something' });
  await server.clock.settle();
  const found = await events(server);
  assert.equal(found.filter(({ reason }) => reason === 'Noise').length, 25);
  assert.equal(found.filter(({ reason }) => reason === 'Said').length, 1);
});

test('an event that cannot be written is tried again, and what waits is written at the end', async () => {
  await using server = await testServer();
  const object = await about(server);
  let failing = true;
  const transport = faultTransport(server.transport, ({ method }) =>
    failing && method !== 'GET' ? { kind: 'lose-request' } : undefined,
  );
  const events_ = recorder(server, createClient(transport, { clock: server.clock, random: seededRandom(5) }));
  events_.record(object, { reason: 'Said', note: 'something' });
  await server.clock.advance(15_000);
  assert.equal((await events(server)).length, 0);
  failing = false;
  await events_.close();
  assert.equal((await events(server)).length, 1);
});
