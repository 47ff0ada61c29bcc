import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lease } from '@reeve/api/coordination/v1';
import { createClient } from '@reeve/kube';
import { faultTransport, seededRandom, testServer } from '@reeve/testing';
import type { TestServer } from '@reeve/testing';
import type { Log } from '../log.ts';
import { OperatorError } from '../operator-error.ts';
import { LeaderElector } from './leader-elector.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
const election = { name: 'op', namespace: 'default' };

interface Candidate {
  readonly elector: LeaderElector;
  readonly stop: () => void;
  /** Cuts the candidate off. */
  cut: boolean;
  lost: boolean;
  acquired: boolean;
}

function candidate(server: TestServer, identity: string, seed: number): Candidate {
  const { clock } = server;
  const stopping = new AbortController();
  const transport = faultTransport(server.transport, () => (state.cut ? { kind: 'lose-request' } : undefined));
  const random = seededRandom(seed);
  const client = createClient(transport, { clock, random });
  const elector = new LeaderElector({ election, identity, client, log: silent, clock, random });
  const state: Candidate = { elector, stop: () => stopping.abort(), cut: false, lost: false, acquired: false };
  const run = async (): Promise<void> => {
    await elector.acquire(stopping.signal);
    state.acquired = true;
    await elector.hold(stopping.signal);
  };
  run().catch((error: unknown) => {
    state.lost = error instanceof OperatorError && error.code === 'LeaseLost';
  });
  return state;
}

const lease = (server: TestServer) => server.client.of(Lease).in('default').get('op');

test('one of two leads, and keeps the lease as long as it lives', async () => {
  await using server = await testServer();
  const a = candidate(server, 'a', 1);
  await server.clock.advance(100);
  const b = candidate(server, 'b', 2);
  await server.clock.advance(120_000);
  assert.deepEqual([a.elector.leading, b.elector.leading], [true, false]);
  const { spec } = await lease(server);
  assert.deepEqual([spec?.holderIdentity, spec?.leaseDurationSeconds, spec?.leaseTransitions], ['a', 15, 0]);
  assert.match(spec?.renewTime ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  a.stop();
  b.stop();
});

test('a leader that is cut off stops leading before the next one begins', async () => {
  await using server = await testServer();
  const a = candidate(server, 'a', 1);
  await server.clock.advance(100);
  const b = candidate(server, 'b', 2);
  await server.clock.advance(30_000);
  a.cut = true;
  let both = false;
  for (let ms = 0; ms < 30_000; ms += 250) {
    await server.clock.advance(250);
    both ||= a.elector.leading && b.elector.leading;
  }
  assert.equal(both, false);
  assert.deepEqual([a.lost, b.elector.leading], [true, true]);
  assert.equal((await lease(server)).spec?.leaseTransitions, 1);
  b.stop();
});

test('a released lease is taken over within a retry', async () => {
  await using server = await testServer();
  const a = candidate(server, 'a', 1);
  await server.clock.advance(100);
  const b = candidate(server, 'b', 2);
  await server.clock.advance(10_000);
  a.stop();
  await a.elector.release();
  assert.equal((await lease(server)).spec?.holderIdentity, '');
  await server.clock.advance(2000 * 2.2);
  assert.equal(b.elector.leading, true);
  b.stop();
});

test('a lease whose holder has a wrong clock runs out by our clock', async () => {
  await using server = await testServer();
  const renewTime = '2036-01-01T00:00:00.000000Z';
  const spec = { holderIdentity: 'ghost', leaseDurationSeconds: 15, renewTime, acquireTime: renewTime };
  await server.client
    .of(Lease)
    .in('default')
    .create({ metadata: { name: 'op' }, spec });
  const a = candidate(server, 'a', 1);
  await server.clock.advance(14_000);
  assert.equal(a.acquired, false);
  await server.clock.advance(6000);
  assert.equal(a.acquired, true);
  a.stop();
});

test('a lease taken by somebody else is noticed at the next renewal', async () => {
  await using server = await testServer();
  const a = candidate(server, 'a', 1);
  await server.clock.advance(5000);
  await server.client
    .of(Lease)
    .in('default')
    .patch('op', { merge: { spec: { holderIdentity: 'b' } } });
  await server.clock.advance(5000);
  assert.equal(a.lost, true);
  assert.equal(a.elector.leading, false);
});

test('times that cannot work together are refused', async () => {
  await using server = await testServer();
  const { client, clock } = server;
  const impossible = { ...election, leaseDurationMs: 10_000, renewDeadlineMs: 10_000 };
  const options = { identity: 'a', client, log: silent, clock, random: () => 0 };
  assert.throws(() => new LeaderElector({ ...options, election: impossible }), /leaseDurationMs > renewDeadlineMs/);
});
