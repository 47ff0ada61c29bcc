import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, type Client } from '@reeve/kube';
import {
  faultTransport,
  seededRandom,
  testServer,
  virtualClock,
  type TestServer,
  type VirtualClock,
} from '@reeve/testing';
import type { WireRequest } from '@reeve/api';
import { EtcdCluster } from '../resources.ts';
import { clusterName, namespace, World, type SimulatedOperator, type WorldOptions } from './world.ts';

const minute = 60_000;
const debug = process.env['REEVE_SIM_LOG'] !== undefined;

interface Simulation extends AsyncDisposable {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly server: TestServer;
  readonly random: () => number;
  create(size: number, spec?: object): Promise<void>;
  scale(size: number): Promise<void>;
  patch(spec: object): Promise<void>;
  settle(size: number, limitMs?: number): Promise<number>;
  /** Starts an operator that dies after so many writes. */
  operator(diesAfter?: number): MortalOperator;
}

interface MortalOperator {
  readonly dead: () => boolean;
  readonly operator: SimulatedOperator;
  readonly writes: () => number;
}

const isWrite = ({ method, path }: WireRequest): boolean => method !== 'GET' && !path.includes('/events');

async function simulate(seed: number, more: Partial<WorldOptions> = {}): Promise<Simulation> {
  const clock = virtualClock();
  const server = await testServer(clock, seed);
  const random = seededRandom(seed * 7919 + 1);
  await server.define(EtcdCluster);
  const line = (level: string) => (message: string, fields?: object) => {
    if (debug)
      console.log(
        new Date(clock.now()).toISOString().slice(14),
        level,
        message,
        JSON.stringify(fields ?? {}).slice(0, 400),
      );
  };
  const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error'), with: () => log };
  const world = new World({ clock, random, client: server.client, log, ...more });
  await world.start(['n1', 'n2', 'n3']);
  const api = server.client.of(EtcdCluster).in(namespace);
  const operators: MortalOperator[] = [];
  return {
    world,
    clock,
    server,
    random,
    create: async (clusterSize, spec = {}) => {
      await api.create({
        metadata: { name: clusterName },
        spec: { clusterSize, version: 'v3.5.16', tls: { mode: 'Disabled' }, ...spec },
      });
    },
    scale: async (clusterSize) => void (await api.patch(clusterName, { merge: { spec: { clusterSize } } })),
    patch: async (spec) => void (await api.patch(clusterName, { merge: { spec } })),
    async settle(size, limitMs = 10 * minute) {
      const from = clock.now();
      await clock.advance(300);
      const done = await clock.until(() => world.isReady(size), limitMs);
      const { status } = world.cluster ?? {};
      assert.ok(
        done,
        `not ready after ${limitMs} ms: ${JSON.stringify({ ready: status?.conditions?.[0], members: status?.members, pods: world.pods.map(({ metadata: m, status: s }) => [m.name, s?.phase, m.deletionTimestamp]) })}`,
      );
      return clock.now() - from;
    },
    operator(diesAfter = Number.POSITIVE_INFINITY) {
      let writes = 0;
      const dead = (): boolean => writes >= diesAfter;
      const transport = faultTransport(server.transport, (request) => {
        if (dead()) return { kind: 'lose-request' };
        if (isWrite(request)) writes += 1;
        // The write that kills the operator takes effect, but nobody hears of it.
        return dead() ? { kind: 'lose-answer' } : undefined;
      });
      const client: Client = createClient(transport, { clock, random: seededRandom(seed) });
      const made = { dead, operator: world.launch(client, () => !dead()), writes: () => writes };
      operators.push(made);
      return made;
    },
    async [Symbol.asyncDispose]() {
      const stopped = Promise.all(operators.map(({ operator }) => operator.stop()));
      await clock.advance(minute);
      await stopped.catch(() => undefined);
      const ended = world.stop();
      await clock.advance(1000);
      await ended;
      await server[Symbol.asyncDispose]();
      assert.deepEqual(world.etcd.violations, []);
      assert.deepEqual([...new Set(world.breaches)], [], 'the status keeps its contract');
    },
  };
}

const names = (simulation: Simulation): readonly string[] => simulation.world.pods.map(({ metadata }) => metadata.name);
const follower = (simulation: Simulation): string =>
  names(simulation).find((name) => name !== simulation.world.cluster?.status?.leader) ?? '';

test('three members come up one by one, within ten seconds', async () => {
  await using simulation = await simulate(1);
  simulation.operator();
  await simulation.create(3);
  assert.ok((await simulation.settle(3)) < 10_000);
  assert.deepEqual(names(simulation).toSorted(), ['db-1', 'db-2', 'db-3']);
});

test('an idle cluster writes nothing', async () => {
  await using simulation = await simulate(2);
  const { writes } = simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  await simulation.clock.advance(15_000);
  const before = writes();
  await simulation.clock.advance(2 * minute);
  assert.equal(writes(), before);
});

test('3 to 5 to 3 to 1: never without a majority, and no name twice', async () => {
  await using simulation = await simulate(3);
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  for (const size of [5, 3, 1, 2]) {
    await simulation.scale(size);
    await simulation.settle(size);
  }
  assert.ok(names(simulation).includes('db-6'));
  assert.ok(simulation.world.longestGapMs < 3000, `a gap of ${simulation.world.longestGapMs} ms`);
});

test('a deleted pod comes back as the same member', async () => {
  await using simulation = await simulate(4);
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  const ids = (): string =>
    JSON.stringify(simulation.world.cluster?.status?.members?.map(({ name, id }) => [name, id]));
  const before = ids();
  await simulation.world.deletePod('db-2');
  assert.ok((await simulation.settle(3)) < 10_000);
  assert.equal(ids(), before);
});

test('a lost claim is replaced by a new identity', async () => {
  await using simulation = await simulate(5);
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  await simulation.world.loseClaim('db-2');
  assert.ok((await simulation.settle(3)) < 20_000);
  assert.deepEqual(names(simulation).toSorted(), ['db-1', 'db-3', 'db-4']);
});

test('a wiped disk does not come back under its identity, also when it was the last to join and the leader has changed', async () => {
  await using simulation = await simulate(15);
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  const { leader } = simulation.world.cluster?.status ?? {};
  await simulation.world.deletePod(leader ?? '');
  await simulation.settle(3);
  const last = simulation.world.pods.find(({ metadata }) => metadata.name === 'db-3');
  await simulation.world.kubelet.wipe(last);
  await simulation.settle(3);
  assert.ok(names(simulation).includes('db-4'), 'it was replaced');
});

test('a node that stops is waited for, and then its member is replaced', async () => {
  await using simulation = await simulate(6, { policy: { replaceAfterMs: minute } });
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  const pod = simulation.world.pods.find(({ metadata }) => metadata.name === follower(simulation));
  await simulation.world.setNode(pod?.spec?.nodeName ?? '', false);
  await simulation.clock.advance(0.7 * minute);
  assert.ok(names(simulation).includes(pod?.metadata.name ?? ''), 'unknown is not dead');
  await simulation.clock.advance(0.7 * minute);
  await simulation.world.setNode(pod?.spec?.nodeName ?? '', true);
  await simulation.settle(3);
});

test('a lost quorum is said and not touched; when the nodes are back all is well', async () => {
  await using simulation = await simulate(7, { policy: { replaceAfterMs: minute } });
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  for (const node of ['n1', 'n2', 'n3']) await simulation.world.setNode(node, false);
  await simulation.clock.advance(3 * minute);
  const ready = simulation.world.cluster?.status?.conditions?.find(({ type }) => type === 'Ready');
  assert.equal(ready?.reason, 'QuorumLost');
  assert.match(ready?.message ?? '', /Nothing is touched/);
  for (const node of ['n1', 'n2', 'n3']) await simulation.world.setNode(node, true);
  await simulation.settle(3);
  assert.deepEqual(names(simulation).toSorted(), ['db-1', 'db-2', 'db-3']);
});

test('a changed spec restarts the members one by one', async () => {
  await using simulation = await simulate(8);
  simulation.operator();
  await simulation.create(3);
  await simulation.settle(3);
  const uids = (): readonly string[] => simulation.world.pods.map(({ metadata }) => metadata.uid);
  const before = uids();
  await simulation.patch({ options: { snapshotCount: 5000 } });
  await simulation.settle(3);
  assert.ok(
    uids().every((uid) => !before.includes(uid)),
    'every pod is new',
  );
  assert.ok(simulation.world.longestGapMs < 3000);
});

test('members in memory are replaced, not restarted', async () => {
  await using simulation = await simulate(9);
  simulation.operator();
  await simulation.create(3, { storage: { medium: 'Memory' } });
  await simulation.settle(3);
  await simulation.world.deletePod('db-2');
  await simulation.settle(3);
  assert.ok(names(simulation).includes('db-4'));
});

for (const seed of [11, 32, 33]) {
  test(`an operator that dies at any write is picked up by the next (seed ${seed})`, async () => {
    await using simulation = await simulate(seed);
    await simulation.create(3);
    let size = 3;
    for (let life = 0; life < 18; life++) {
      const mortal = simulation.operator(1 + Math.floor(simulation.random() * 6));
      await simulation.clock.until(mortal.dead, 20_000);
      if (life % 6 === 5) await disturb(simulation);
      if (life % 8 === 7) await simulation.scale((size = size === 3 ? 5 : 3));
    }
    simulation.operator();
    await simulation.settle(size, 30 * minute);
  });
}

for (const seed of [21]) {
  test(`two operators at once do no harm (seed ${seed})`, async () => {
    await using simulation = await simulate(seed);
    simulation.operator();
    simulation.operator();
    await simulation.create(3);
    await simulation.settle(3, 5 * minute);
    for (let round = 0; round < 4; round++) {
      await disturb(simulation);
      await simulation.settle(3, 15 * minute);
    }
  });
}

async function disturb({ world, random }: Simulation): Promise<void> {
  const pod = world.pods[Math.floor(random() * world.pods.length)];
  if (pod === undefined) return;
  const { name, uid } = pod.metadata;
  const faults = [
    () => Promise.resolve(world.kubelet.crash(uid)),
    () => world.deletePod(name),
    () => world.deletePod(name),
    () => (world.isReady(3) || world.isReady(5) ? world.loseClaim(name) : world.deletePod(name)),
  ];
  await faults[Math.floor(random() * faults.length)]?.().catch(() => undefined);
}
