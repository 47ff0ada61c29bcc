import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireRequest } from '@reeve/api';
import { ConfigMap, Secret } from '@reeve/api/core/v1';
import { ClusterRole, ClusterRoleBinding } from '@reeve/api/rbac/v1';
import { createApiServer, loopbackUser } from '@reeve/apiserver';
import { createClient, inProcessTransport } from '@reeve/kube';
import type { Client, Transport } from '@reeve/kube';
import { seededRandom, testServer, virtualClock } from '@reeve/testing';
import type { TestServer } from '@reeve/testing';
import { z } from 'zod';
import { controller } from '../controller/controller.ts';
import type { Controller } from '../controller/controller.ts';
import { watch } from '../controller/watch.ts';
import { defineResource } from '../definition/define-resource.ts';
import type { ObjectOf } from '../definition/resource-definition.ts';
import type { Log } from '../log.ts';
import { OperatorError, TerminalError } from '../operator-error.ts';
import { createManager } from './create-manager.ts';
import type { ControllerHandle, Manager, ManagerOptions } from './manager.ts';
import { clusterRole } from './permissions.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

const App = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'App',
  spec: z.object({ size: z.int().default(1) }),
  status: z.object({ ready: z.int().optional() }),
});
type App = ObjectOf<typeof App>;

interface Running extends AsyncDisposable {
  readonly manager: Manager;
  readonly handle: ControllerHandle;
  readonly client: Client;
  /** Requests that write, as `METHOD path`. */
  readonly writes: string[];
}

const isWrite = ({ method, path }: WireRequest): boolean => method !== 'GET' && !path.includes('/events');

function observed(transport: Transport, writes: string[]): Transport {
  return {
    request(request) {
      if (isWrite(request)) writes.push(`${request.method} ${request.path.split('?')[0] ?? ''}`);
      return transport.request(request);
    },
    close: () => transport.close(),
  };
}

async function run(
  server: TestServer,
  made: Controller,
  more: Partial<ManagerOptions> = {},
  transport = server.transport,
): Promise<Running> {
  const { clock } = server;
  const writes: string[] = [];
  const client = createClient(observed(transport, writes), { clock, random: seededRandom(7) });
  const manager = createManager({ client, name: 'test', log: silent, ...more });
  const handle = manager.add(made);
  const ended = manager.start();
  ended.catch(() => undefined);
  await clock.until(() => manager.read.list(made.resource) !== undefined, 0);
  await Promise.race([manager.whenRunning(), clock.advance(5000)]);
  await clock.settle();
  return {
    manager,
    handle,
    client,
    writes,
    async [Symbol.asyncDispose]() {
      const stopped = manager.stop();
      await clock.advance(60_000);
      await stopped;
    },
  };
}

const apps = ({ client }: TestServer) => client.of(App).in('default');
const secrets = ({ client }: TestServer) => client.of(Secret).in('default');

async function withApps(): Promise<TestServer> {
  const server = await testServer();
  await server.define(App);
  await server.clock.advance(1000);
  return server;
}

const copying = (): Controller =>
  controller(App, {
    name: 'app',
    owns: [Secret],
    async reconcile({ obj, own, status, read }) {
      await own(Secret, { metadata: { name: obj.metadata.name }, stringData: { size: String(obj.spec.size) } });
      status.set({ ready: read.ownedBy(Secret, obj).length });
      status.ready('Up', 'Everything runs.');
    },
  });

test('what a controller owns is made, kept as it should be, and made again when it is gone', async () => {
  await using server = await withApps();
  await using _ = await run(server, copying());
  const app = await apps(server).create({ metadata: { name: 'a' }, spec: { size: 2 } });
  await server.clock.advance(1000);
  const made = await secrets(server).get('a');
  assert.deepEqual(made.data, { size: Buffer.from('2').toString('base64') });
  assert.deepEqual(made.metadata.ownerReferences, [
    {
      apiVersion: 'example.com/v1',
      kind: 'App',
      name: 'a',
      uid: app.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    },
  ]);
  await secrets(server).patch('a', { merge: { data: { size: 'eA==' } } });
  await server.clock.advance(1000);
  assert.deepEqual((await secrets(server).get('a')).data, made.data);
  await secrets(server).delete('a');
  await server.clock.advance(1000);
  assert.notEqual((await secrets(server).get('a')).metadata.uid, made.metadata.uid);
});

test('with nothing new, nothing is written: not by resyncs, and after a restart only what changes nothing', async () => {
  await using server = await withApps();
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 2 } });
  const versions = async () => {
    const [app, secret] = [await apps(server).get('a'), await secrets(server).get('a')];
    return [app.metadata.resourceVersion, secret.metadata.resourceVersion];
  };
  let before: string[];
  {
    await using running = await run(server, copying(), { resyncMs: 60_000 });
    await server.clock.advance(10_000);
    before = await versions();
    running.writes.length = 0;
    await server.clock.advance(600_000);
    assert.deepEqual(running.writes, []);
  }
  await using again = await run(server, copying());
  await server.clock.advance(10_000);
  assert.deepEqual(await versions(), before);
  assert.deepEqual(again.writes, ['PATCH /api/v1/namespaces/default/secrets/a']);
});

test('the status contract: Ready from the first second, generations, and why it is not ready', async () => {
  await using server = await withApps();
  let seenAtStart: unknown;
  let fail: Error | undefined;
  const made = controller(App, {
    name: 'app',
    async reconcile({ obj, status, client }) {
      seenAtStart ??= (await client.of(App).in('default').get('a')).status;
      if (fail !== undefined) throw fail;
      if (obj.spec.size > 2) status.reconciling('Growing', 'Waiting for member a-3 to start.');
      else status.ready('Up', 'All members run.');
    },
  });
  await using _ = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 2 } });
  await server.clock.advance(1000);
  const conditions = async () => {
    const { status } = await apps(server).get('a');
    return Object.fromEntries(
      (status?.conditions ?? []).map(({ type, status: is, reason }) => [type, `${is} ${reason}`]),
    );
  };
  assert.deepEqual(
    (seenAtStart as App['status'])?.conditions?.map(({ type, status }) => `${type}=${status}`),
    ['Ready=False', 'Reconciling=True'],
  );
  assert.deepEqual(await conditions(), { Ready: 'True Up' });
  const ready = (await apps(server).get('a')).status?.conditions?.[0];
  await apps(server).patch('a', { merge: { spec: { size: 3 } } });
  await server.clock.advance(1000);
  const { status, metadata } = await apps(server).get('a');
  assert.deepEqual([status?.observedGeneration, metadata.generation], [2, 2]);
  assert.ok(status?.conditions?.every(({ observedGeneration }) => observedGeneration === 2));
  assert.deepEqual(await conditions(), { Ready: 'False Growing', Reconciling: 'True Growing' });
  assert.notEqual(status?.conditions?.[0]?.lastTransitionTime, ready?.lastTransitionTime);
  fail = new TypeError('the disk is full');
  await apps(server).patch('a', { merge: { spec: { size: 4 } } });
  await server.clock.advance(1000);
  assert.equal((await conditions())['Reconciling'], 'True Retrying');
  assert.equal((await apps(server).get('a')).status?.observedGeneration, 2);
  fail = new TerminalError('the version cannot go back');
  await apps(server).patch('a', { merge: { spec: { size: 5 } } });
  await server.clock.advance(60_000);
  assert.deepEqual(await conditions(), { Ready: 'False Failed', Stalled: 'True Failed' });
  fail = undefined;
  await apps(server).patch('a', { merge: { spec: { size: 1 } } });
  await server.clock.advance(1000);
  assert.deepEqual(await conditions(), { Ready: 'True Up' });
});

/** Watches whose events arrive late. */
function slowWatches(server: TestServer, ms: () => number): Transport {
  return {
    async request(request) {
      const response = await server.transport.request(request);
      if (!request.path.includes('watch=true')) return response;
      async function* late(): AsyncGenerator<Uint8Array> {
        for await (const chunk of response.body) {
          if (ms() > 0) await new Promise<void>((resolve) => void server.clock.schedule(ms(), resolve));
          yield chunk;
        }
      }
      return { ...response, body: late() };
    },
    close: () => Promise.resolve(),
  };
}

test('a key is never reconciled on a cache older than its own last write', async () => {
  await using server = await withApps();
  let lag = 0;
  let runs = 0;
  const made = controller(App, {
    name: 'app',
    owns: [Secret],
    async reconcile({ obj, client, read }) {
      runs += 1;
      const present = read.ownedBy(Secret, obj).length;
      if (present >= obj.spec.size) return undefined;
      const owner = { apiVersion: 'example.com/v1', kind: 'App', name: 'a', uid: obj.metadata.uid, controller: true };
      await client
        .of(Secret)
        .in('default')
        .create({ metadata: { generateName: 'a-', ownerReferences: [owner] } });
      return { requeueAfterMs: 1 };
    },
  });
  await using _ = await run(
    server,
    made,
    {},
    slowWatches(server, () => lag),
  );
  lag = 3000;
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 3 } });
  await server.clock.advance(120_000);
  assert.equal((await secrets(server).list()).items.length, 3);
  assert.ok(runs >= 4);
});

test('failures are tried again with growing delays, terminal ones only after a change', async () => {
  await using server = await withApps();
  const times: number[] = [];
  let terminal = false;
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    minBackoffMs: 1000,
    reconcile({ clock }) {
      times.push(clock.now());
      if (terminal) throw new TerminalError('never');
      throw new TypeError('not yet');
    },
  });
  await using running = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await server.clock.advance(16_000);
  assert.deepEqual(
    times.map((at) => at - (times[0] ?? 0)),
    [0, 1000, 3000, 7000, 15_000],
  );
  terminal = true;
  times.length = 0;
  await server.clock.advance(3_600_000);
  assert.equal(times.length, 1);
  running.handle.enqueue({ namespace: 'default', name: 'a' });
  await server.clock.settle();
  assert.equal(times.length, 2);
  const metrics = await running.manager.metrics();
  assert.match(metrics, /controller_runtime_reconcile_total\{controller="app",result="error"\} 7/);
  assert.match(metrics, /controller_runtime_terminal_reconcile_errors_total\{controller="app"\} 2/);
});

test('a reconcile is repeated when it asks for it, and aborted when it takes too long', async () => {
  await using server = await withApps();
  const ends: string[] = [];
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    timeoutMs: 5000,
    minBackoffMs: 60_000,
    async reconcile({ obj, signal }) {
      if (obj.spec.size === 1) {
        ends.push('quick');
        return { requeueAfterMs: 10_000 };
      }
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ends.push((signal.reason as OperatorError).code);
          reject(signal.reason as Error);
        });
      });
      return undefined;
    },
  });
  await using running = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await server.clock.advance(35_000);
  assert.deepEqual(ends, ['quick', 'quick', 'quick', 'quick']);
  await apps(server).patch('a', { merge: { spec: { size: 2 } } });
  await server.clock.advance(10_000);
  assert.deepEqual(ends.slice(4), ['ReconcileTimeout']);
  assert.match(await running.manager.metrics(), /reconcile_timeouts_total\{controller="app"\} 1/);
});

test('changes of other objects lead to the objects that they concern', async () => {
  await using server = await withApps();
  const seen: string[] = [];
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    watches: [
      watch(ConfigMap, {
        when: ({ object }) => object.metadata.labels?.['app'] !== undefined,
        map: (map, { read }) =>
          read
            .list(App, { namespace: 'default' })
            .flatMap(({ metadata }) =>
              metadata.name === map.metadata.labels?.['app'] ? [{ namespace: 'default', name: metadata.name }] : [],
            ),
      }),
    ],
    reconcile({ obj, read }) {
      seen.push(`${obj.metadata.name} ${read.list(ConfigMap, { labels: { app: obj.metadata.name } }).length}`);
    },
  });
  await using _ = await run(server, made);
  for (const name of ['a', 'b']) await apps(server).create({ metadata: { name }, spec: { size: 1 } });
  await server.clock.settle();
  const maps = server.client.of(ConfigMap).in('default');
  await maps.create({ metadata: { name: 'm', labels: { app: 'b' } } });
  await maps.create({ metadata: { name: 'n' } });
  await server.clock.settle();
  assert.deepEqual(seen, ['a 0', 'b 0', 'b 1']);
});

test('a finalizer keeps the object until its clean-up is through', async () => {
  await using server = await withApps();
  let clean = false;
  const calls: string[] = [];
  const made = controller(App, {
    name: 'app',
    reconcile: ({ obj }) => void calls.push(`reconcile ${obj.metadata.finalizers?.join() ?? ''}`),
    finalize() {
      calls.push('finalize');
      return clean ? undefined : { requeueAfterMs: 1000 };
    },
    deleted: ({ key }) => void calls.push(`deleted ${key.name}`),
  });
  await using _ = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await server.clock.advance(1000);
  assert.equal(calls[0], 'reconcile example.com/app');
  await apps(server).delete('a');
  await server.clock.advance(2500);
  assert.ok((await apps(server).get('a')).metadata.deletionTimestamp);
  clean = true;
  await server.clock.advance(2000);
  assert.equal(await apps(server).find('a'), undefined);
  assert.equal(calls.at(-1), 'deleted a');
  assert.ok(calls.filter((call) => call === 'finalize').length >= 3);
});

test('a controller of keys is called for objects that are gone', async () => {
  await using server = await withApps();
  const calls: string[] = [];
  const made = controller(App, {
    name: 'keys',
    missing: 'reconcile',
    statusContract: false,
    async reconcile({ key, obj, own }) {
      calls.push(`${key.name} ${obj === undefined ? 'gone' : 'there'}`);
      if (obj === undefined) await assert.rejects(own(Secret, { metadata: { name: 'x' } }), /check obj first/);
    },
  });
  await using running = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await server.clock.settle();
  await apps(server).delete('a');
  await server.clock.settle();
  running.handle.enqueue({ namespace: 'default', name: 'b' });
  await server.clock.settle();
  assert.deepEqual(calls, ['a there', 'a gone', 'b gone']);
});

test('one key never runs twice at once, different keys do', async () => {
  await using server = await withApps();
  const active = new Map<string, number>();
  let most = 0;
  let twice = false;
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    concurrency: 3,
    async reconcile({ key, clock }) {
      active.set(key.name, (active.get(key.name) ?? 0) + 1);
      twice ||= (active.get(key.name) ?? 0) > 1;
      most = Math.max(
        most,
        [...active.values()].reduce((sum, count) => sum + count, 0),
      );
      await new Promise<void>((resolve) => void clock.schedule(1000, resolve));
      active.set(key.name, (active.get(key.name) ?? 0) - 1);
    },
  });
  await using running = await run(server, made);
  for (const name of ['a', 'b', 'c', 'd']) await apps(server).create({ metadata: { name }, spec: { size: 1 } });
  for (let i = 0; i < 20; i += 1) {
    await server.clock.advance(300);
    running.handle.enqueue({ namespace: 'default', name: 'a' });
  }
  assert.deepEqual([twice, most], [false, 3]);
});

test('what is not declared cannot be read or owned, and what others own is not taken', async () => {
  await using server = await withApps();
  const errors: unknown[] = [];
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    owns: [Secret],
    async reconcile({ obj, own, read }) {
      const attempts: readonly (() => Promise<unknown>)[] = [
        () => Promise.resolve(read.list(ConfigMap)),
        () => own(ConfigMap, { metadata: { name: 'x' } }),
        () => own(Secret, { metadata: { name: 'x', namespace: 'elsewhere' } }),
        () => own(Secret, { metadata: { name: obj.metadata.name } }),
      ];
      for (const attempt of attempts) {
        await Promise.resolve()
          .then(attempt)
          .catch((error: unknown) => errors.push(error instanceof OperatorError ? error.code : error));
      }
    },
  });
  const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'other', controller: true };
  await secrets(server).create({ metadata: { name: 'a', ownerReferences: [other] } });
  await using _ = await run(server, made);
  await apps(server).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await server.clock.settle();
  assert.deepEqual(errors, ['UndeclaredRead', 'UndeclaredRead', 'ControllerInvalid', 'OwnedByOther']);
});

test('a stop waits for what runs, starts nothing new, and releases the lease', async () => {
  await using server = await withApps();
  const events: string[] = [];
  const made = controller(App, {
    name: 'app',
    statusContract: false,
    async reconcile({ key, clock }) {
      events.push(`begin ${key.name}`);
      await new Promise<void>((resolve) => void clock.schedule(5000, resolve));
      events.push(`end ${key.name}`);
    },
  });
  const election = { name: 'op', namespace: 'default' };
  const running = await run(server, made, { leaderElection: election });
  assert.equal(running.manager.leading, true);
  for (const name of ['a', 'b']) await apps(server).create({ metadata: { name }, spec: { size: 1 } });
  await server.clock.advance(1000);
  const stopped = running.manager.stop();
  await server.clock.advance(20_000);
  await stopped;
  assert.deepEqual(events, ['begin a', 'end a']);
  assert.equal(running.manager.leading, false);
  const writes = running.writes.filter((write) => write.endsWith('/leases/op'));
  assert.ok(writes.length > 0);
  const started = server.clock.now();
  await using next = await run(server, made, { leaderElection: election });
  assert.equal(next.manager.leading, true);
  assert.ok(server.clock.now() - started <= 6000);
});

test('a manager does not start without its caches, and says which one and why', async () => {
  await using server = await testServer();
  const { clock, client } = server;
  const manager = createManager({
    client,
    name: 'test',
    log: silent,
    syncTimeoutMs: 10_000,
    healthPort: 0,
    host: '127.0.0.1',
  });
  manager.add(copying());
  const failed = manager.start().catch((error: unknown) => error);
  await clock.settle();
  const { health } = manager.ports;
  const answer = await fetch(`http://127.0.0.1:${health}/readyz`);
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /\[-\]caches failed: caches are not filled yet: apps/);
  await clock.advance(11_000);
  const error = await failed;
  assert.ok(error instanceof OperatorError && error.code === 'SyncTimeout');
  assert.match(error.message, /apps \(404 page not found/);
});

test('a running manager answers its probes and serves its metrics', async () => {
  await using server = await withApps();
  await using running = await run(server, copying(), { metricsPort: 0, healthPort: 0, host: '127.0.0.1' });
  let sick = false;
  running.manager.addCheck('etcd', () => assert.ok(!sick, 'no quorum'), 'ready');
  const get = async (port: number | undefined, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const { metrics, health } = running.manager.ports;
  assert.equal((await get(health, '/healthz')).status, 200);
  assert.deepEqual(await get(health, '/readyz'), { status: 200, text: '[+]caches ok\n[+]etcd ok\ncheck passed\n' });
  sick = true;
  assert.match((await get(health, '/readyz')).text, /\[-\]etcd failed: no quorum/);
  const { text } = await get(metrics, '/metrics');
  for (const name of [
    'workqueue_depth',
    'workqueue_adds_total',
    'controller_runtime_max_concurrent_reconciles',
    'rest_client_requests_total',
    'process_resident_memory_bytes',
  ]) {
    assert.ok(text.includes(name), name);
  }
  assert.equal((await get(metrics, '/other')).status, 404);
});

test('the derived role is what the controller needs', async () => {
  const clock = virtualClock();
  const random = seededRandom(1);
  const server = await createApiServer({
    clock,
    random,
    tokens: [],
    admission: { serviceAccount: false },
    authorization: 'RBAC',
  });
  const admin = createClient(inProcessTransport(server.as(loopbackUser)), { clock, random });
  await using all = await testServerOf(server, clock, admin);
  const user = { name: 'operator', uid: '', groups: ['system:authenticated'], extra: {} };
  const bare = createManager({
    client: admin,
    name: 'rules',
    log: silent,
    leaderElection: { name: 'op', namespace: 'default' },
  });
  bare.add(copying());
  await admin.of(ClusterRole).create(clusterRole('operator', bare.permissions()));
  await admin.of(ClusterRoleBinding).create({
    metadata: { name: 'operator' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'operator' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'operator' }],
  });
  await using _ = await run(
    all,
    copying(),
    { leaderElection: { name: 'op', namespace: 'default' } },
    inProcessTransport(server.as(user)),
  );
  await apps(all).create({ metadata: { name: 'a' }, spec: { size: 1 } });
  await clock.advance(2000);
  const { status } = await apps(all).get('a');
  assert.equal(status?.conditions?.find(({ type }) => type === 'Ready')?.status, 'True');
  assert.ok(
    bare.permissions().every(({ verbs, resources }) => !verbs.includes('*') && resources?.includes('*') !== true),
  );
});

/** The parts of a test server around one that was made by hand. */
async function testServerOf(
  server: TestServer['server'],
  clock: TestServer['clock'],
  client: Client,
): Promise<TestServer> {
  const { Namespace } = await import('@reeve/api/core/v1');
  const { CustomResourceDefinition } = await import('@reeve/api/apiextensions/v1');
  await client
    .of(Namespace)
    .create({ metadata: { name: 'default' } })
    .catch(() => undefined);
  await client.of(CustomResourceDefinition).create(App.crd());
  await clock.advance(1000);
  const define = (): Promise<void> => Promise.resolve();
  return { server, clock, client, transport: client.transport, define, [Symbol.asyncDispose]: () => server.stop() };
}
