import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMap } from '@reeve/api/core/v1';
import { createClient } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { faultTransport, seededRandom, testServer } from '@reeve/testing';
import type { Fault, TestServer } from '@reeve/testing';
import type { Change } from '../controller/watch.ts';
import type { Log } from '../log.ts';
import type { CacheOptions } from './cached.ts';
import { Informer } from './informer.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

interface Watched extends Disposable {
  readonly informer: Informer<ConfigMap>;
  readonly changes: string[];
  names(): readonly string[];
}

function start(server: TestServer, client: Client, cache: CacheOptions<ConfigMap> = {}): Watched {
  const { clock } = server;
  const stopping = new AbortController();
  const informer = new Informer({ client, resource: ConfigMap, cache, log: silent, clock, random: seededRandom(2) });
  const changes: string[] = [];
  informer.addHandler(({ type, object, initial }: Change<ConfigMap>) => {
    changes.push(`${initial ? 'initial ' : ''}${type} ${object.metadata.name}=${object.data?.['v'] ?? ''}`);
  });
  const running = informer.run(stopping.signal);
  return {
    informer,
    changes,
    names: () => informer.store.list().map(({ metadata }) => metadata.name),
    [Symbol.dispose]() {
      stopping.abort();
      running.catch(() => assert.fail('an informer never fails'));
    },
  };
}

/** A client whose transport fails as `next` says, once for each entry that matches the request. */
function faulty(server: TestServer, plan: { match: RegExp; fault: Fault }[]): Client {
  const transport = faultTransport(server.transport, ({ method, path }) => {
    const index = plan.findIndex(({ match }) => match.test(`${method} ${path}`));
    return index < 0 ? undefined : plan.splice(index, 1)[0]?.fault;
  });
  return createClient(transport, { clock: server.clock, random: seededRandom(3) });
}

const maps = (server: TestServer) => server.client.of(ConfigMap).in('default');
const put = (server: TestServer, name: string, v: string) => maps(server).create({ metadata: { name }, data: { v } });

test('an informer reports what is there, then every change', async () => {
  await using server = await testServer();
  await put(server, 'a', '1');
  using watched = start(server, server.client);
  await watched.informer.whenSynced();
  await put(server, 'b', '1');
  await maps(server).patch('a', { merge: { data: { v: '2' } } });
  await maps(server).delete('b');
  await server.clock.settle();
  assert.deepEqual(watched.changes, ['initial added a=1', 'added b=1', 'updated a=2', 'deleted b=1']);
  assert.deepEqual(watched.names(), ['a']);
});

test('objects come without managedFields, with apiVersion and kind, and unchanged ones stay the same', async () => {
  await using server = await testServer();
  await put(server, 'a', '1');
  using watched = start(server, server.client);
  await watched.informer.whenSynced();
  const before = watched.informer.store.get('default/a');
  await put(server, 'b', '1');
  await server.clock.settle();
  assert.equal(before?.metadata.managedFields, undefined);
  assert.deepEqual([before?.apiVersion, before?.kind], ['v1', 'ConfigMap']);
  assert.equal(watched.informer.store.get('default/a'), before);
});

for (const streams of [true, false]) {
  const how = streams ? 'a stream' : 'a list, where the server has no streams';
  test(`what was deleted while the server was away is noticed by ${how}`, async () => {
    await using server = await testServer();
    await put(server, 'a', '1');
    await put(server, 'b', '1');
    const plan: { match: RegExp; fault: Fault }[] = [];
    if (!streams) plan.push({ match: /sendInitialEvents/, fault: { kind: 'refuse', status: 422 } });
    using watched = start(server, faulty(server, plan));
    await watched.informer.whenSynced();
    plan.push({ match: /watch=true/, fault: { kind: 'refuse', status: 410 } });
    // The watch ends at its time; until it is back, things change.
    await server.clock.until(() => plan.length === 0, 700_000);
    await maps(server).delete('a');
    await put(server, 'c', '1');
    await server.clock.advance(60_000);
    assert.deepEqual(watched.names().toSorted(), ['b', 'c']);
    assert.ok(watched.changes.includes('deleted a=1'));
  });
}

test('a watch that breaks is resumed where it was, without a new list', async () => {
  await using server = await testServer();
  const requests: string[] = [];
  const plan: { match: RegExp; fault: Fault }[] = [{ match: /watch=true/, fault: { kind: 'break', afterChunks: 2 } }];
  const client = faulty(server, plan);
  client.observe(({ path }) => requests.push(path));
  using watched = start(server, client);
  await watched.informer.whenSynced();
  for (const name of ['a', 'b', 'c', 'd']) await put(server, name, '1');
  await server.clock.advance(10_000);
  assert.deepEqual(watched.names().toSorted(), ['a', 'b', 'c', 'd']);
  assert.equal(requests.filter((path) => path.includes('sendInitialEvents')).length, 1);
  assert.ok(requests.every((path) => path.includes('watch=true')));
});

test('a server that cannot be reached or errs is tried again until it answers', async () => {
  await using server = await testServer();
  await put(server, 'a', '1');
  const lost: Fault = { kind: 'lose-request' };
  const plan = [lost, lost, { kind: 'refuse', status: 500 } as const].map((fault) => ({ match: /./, fault }));
  using watched = start(server, faulty(server, plan));
  await server.clock.settle();
  assert.equal(watched.informer.synced, false);
  assert.ok(watched.informer.lastError instanceof Error);
  assert.ok(await server.clock.until(() => watched.informer.synced, 120_000));
  assert.deepEqual(watched.names(), ['a']);
});

test('a handler that throws hinders nobody', async () => {
  await using server = await testServer();
  using watched = start(server, server.client);
  watched.informer.addHandler(() => assert.fail('a broken handler'));
  const late: string[] = [];
  watched.informer.addHandler(({ object }) => late.push(object.metadata.name));
  await watched.informer.whenSynced();
  await put(server, 'a', '1');
  await put(server, 'b', '1');
  await server.clock.settle();
  assert.deepEqual(late, ['a', 'b']);
  assert.deepEqual(watched.names(), ['a', 'b']);
});

test('a cache can be narrowed, transformed and indexed', async () => {
  await using server = await testServer();
  await maps(server).create({ metadata: { name: 'a', labels: { app: 'x' } }, data: { v: '1', secret: 's' } });
  await maps(server).create({ metadata: { name: 'b' }, data: { v: '1' } });
  using watched = start(server, server.client, {
    namespace: 'default',
    labelSelector: 'app=x',
    transform: (object) => ({ ...object, data: { v: object.data?.['v'] ?? '' } }),
    indexes: { v: (object) => [object.data?.['v'] ?? ''] },
  });
  await watched.informer.whenSynced();
  assert.deepEqual(watched.names(), ['a']);
  assert.deepEqual(watched.informer.store.by('v', '1')[0]?.data, { v: '1' });
  await maps(server).patch('a', { merge: { data: { v: '2' } } });
  await server.clock.settle();
  assert.deepEqual([watched.informer.store.by('v', '1').length, watched.informer.store.by('v', '2').length], [0, 1]);
  assert.throws(() => watched.informer.store.by('w', '1'), /no index w \(declared: v\)/);
});

test('a metadata-only cache has no data', async () => {
  await using server = await testServer();
  await put(server, 'a', '1');
  using watched = start(server, server.client, { metadataOnly: true });
  await watched.informer.whenSynced();
  const object = watched.informer.store.get('default/a');
  assert.deepEqual([object?.kind, object?.data, object?.metadata.name], ['ConfigMap', undefined, 'a']);
});
