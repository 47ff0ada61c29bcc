import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireHandler, WireRequest, WireResponse } from '@reeve/api';
import { ConfigMap, Pod } from '@reeve/api/core/v1';
import { Deployment } from '@reeve/api/apps/v1';
import { seededRandom, virtualClock } from '@reeve/testing';
import { ApiError, isConflict, isExpired, isNotFound, isTooManyRequests } from './api-error.ts';
import { createClient } from './create-client.ts';
import type { Client, ObservedRequest } from './client.ts';
import { inProcessTransport } from './in-process-transport.ts';
import { isConnectionFailure, KubeError } from './kube-error.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): WireResponse {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  }
  return { status, headers, body: bytes() };
}

interface Scripted {
  readonly client: Client;
  readonly requests: WireRequest[];
}

/** A client whose server gives these answers, one after the other. */
function scripted(clock: ReturnType<typeof virtualClock>, ...answers: (WireResponse | Error)[]): Scripted {
  const requests: WireRequest[] = [];
  const handler: WireHandler = (request) => {
    requests.push(request);
    const next = answers.shift() ?? answer(200, { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } });
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const transport = inProcessTransport(handler);
  return { client: createClient(transport, { clock, random: seededRandom(1), userAgent: 'tester' }), requests };
}

const status = (code: number, reason: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  code,
  reason,
  message: reason,
});

const paths: readonly { name: string; call: (client: Client) => Promise<unknown>; gives: string; type?: string }[] = [
  { name: 'get', call: (c) => c.of(ConfigMap).in('x').get('a'), gives: 'GET /api/v1/namespaces/x/configmaps/a' },
  { name: 'list of all', call: (c) => c.of(Deployment).list(), gives: 'GET /apis/apps/v1/deployments' },
  {
    name: 'selected list',
    call: (c) =>
      c
        .of(Pod)
        .list({ labelSelector: { matchLabels: { app: 'x' } }, fieldSelector: { 'spec.nodeName': 'n,1' }, limit: 5 }),
    gives: 'GET /api/v1/pods?labelSelector=app%3Dx&fieldSelector=spec.nodeName%3Dn%5C%2C1&limit=5',
  },
  {
    name: 'create',
    call: (c) =>
      c
        .of(ConfigMap)
        .in('x')
        .create({ metadata: { name: 'a' } }, { dryRun: true, fieldManager: 'me' }),
    gives: 'POST /api/v1/namespaces/x/configmaps?fieldManager=me&dryRun=All',
  },
  {
    name: 'apply',
    call: (c) =>
      c
        .of(ConfigMap)
        .in('x')
        .apply({ metadata: { name: 'a' } }, { fieldManager: 'me', force: true }),
    gives: 'PATCH /api/v1/namespaces/x/configmaps/a?fieldManager=me&force=true',
    type: 'application/apply-patch+yaml',
  },
  {
    name: 'json patch',
    call: (c) =>
      c
        .of(ConfigMap)
        .in('x')
        .patch('a', { json: [{ op: 'remove', path: '/data' }] }),
    gives: 'PATCH /api/v1/namespaces/x/configmaps/a',
    type: 'application/json-patch+json',
  },
  {
    name: 'merge patch of a status',
    call: (c) => c.of(Deployment).in('x').status.patch('a', { merge: {} }),
    gives: 'PATCH /apis/apps/v1/namespaces/x/deployments/a/status',
    type: 'application/merge-patch+json',
  },
  {
    name: 'strategic patch of a scale',
    call: (c) => c.of(Deployment).in('x').scale.patch('a', { strategic: {} }),
    gives: 'PATCH /apis/apps/v1/namespaces/x/deployments/a/scale',
    type: 'application/strategic-merge-patch+json',
  },
  {
    name: 'eviction',
    call: (c) => c.pods('x').evict('a'),
    gives: 'POST /api/v1/namespaces/x/pods/a/eviction',
  },
  {
    name: 'log',
    call: (c) => c.pods('x').log('a', { follow: true, tailLines: 3 }),
    gives: 'GET /api/v1/namespaces/x/pods/a/log?follow=true&tailLines=3',
  },
];

for (const { name, call, gives, type } of paths) {
  test(`the request of a ${name} is as the API wants it`, async () => {
    const { client, requests } = scripted(virtualClock());
    await call(client);
    const { method, path, headers } = requests[0] ?? assert.fail();
    assert.equal(`${method} ${path}`, gives);
    assert.equal(headers['user-agent'], 'tester');
    if (type !== undefined) assert.equal(headers['content-type'], type);
  });
}

test('bodies carry apiVersion and kind, and delete its options', async () => {
  const { client, requests } = scripted(virtualClock());
  await client
    .of(ConfigMap)
    .in('x')
    .create({ metadata: { name: 'a' } });
  await client
    .of(ConfigMap)
    .in('x')
    .delete('a', { preconditions: { uid: 'u' }, propagationPolicy: 'Foreground' });
  const bodies = requests.map(({ body }) => JSON.parse(Buffer.from(body ?? []).toString()) as unknown);
  assert.deepEqual(bodies, [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
    { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'u' }, propagationPolicy: 'Foreground' },
  ]);
});

test('writing to a namespaced kind without a namespace is refused with the way out', async () => {
  const { client } = scripted(virtualClock());
  await assert.rejects(async () => client.of(ConfigMap).get('a'), /client\.of\(ConfigMap\)\.in\(/);
});

test('an error answer becomes an ApiError that predicates tell apart', async () => {
  const clock = virtualClock();
  const cases = [
    { body: status(404, 'NotFound'), is: isNotFound },
    { body: status(409, 'Conflict'), is: isConflict },
    { body: status(410, 'Expired'), is: isExpired },
    { body: status(429, 'TooManyRequests'), is: isTooManyRequests },
  ];
  for (const { body, is } of cases) {
    const { client } = scripted(clock, answer(body.code, body));
    const error = await client
      .of(ConfigMap)
      .in('x')
      .get('a')
      .catch((caught: unknown) => caught);
    assert.ok(is(error) && error instanceof ApiError);
    assert.equal(cases.filter((other) => other.is(error)).length, 1);
    assert.match(error.message, /GET \/api\/v1\/namespaces\/x\/configmaps\/a/);
  }
});

test('an error that is no Status, from a proxy, is still understood', async () => {
  const { client } = scripted(virtualClock(), answer(503, '<html>busy</html>'));
  const error = await client
    .of(ConfigMap)
    .in('x')
    .get('a')
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.code, error.reason], [503, 'ServiceUnavailable']);
});

test('find gives undefined for what is not there', async () => {
  const { client } = scripted(virtualClock(), answer(404, status(404, 'NotFound')));
  assert.equal(await client.of(ConfigMap).in('x').find('a'), undefined);
});

test('a server that asks to come back later is asked again, but only where that is safe', async () => {
  const clock = virtualClock();
  const busy = () => answer(429, status(429, 'TooManyRequests'), { 'retry-after': '2' });
  const get = scripted(clock, busy(), busy());
  const observed: ObservedRequest[] = [];
  get.client.observe((one) => observed.push(one));
  const got = get.client.of(ConfigMap).in('x').get('a');
  await clock.advance(1900);
  assert.equal(get.requests.length, 1);
  await clock.advance(10_000);
  assert.equal((await got).metadata.name, 'a');
  assert.deepEqual(
    observed.map(({ code, retry }) => [code, retry]),
    [
      [429, false],
      [429, true],
      [200, true],
    ],
  );
  const create = scripted(clock, busy());
  await assert.rejects(
    create.client
      .of(ConfigMap)
      .in('x')
      .create({ metadata: { name: 'a' } }),
    isTooManyRequests,
  );
});

test('it is not asked for ever', async () => {
  const clock = virtualClock();
  const busy = () => answer(503, status(503, 'ServiceUnavailable'), { 'retry-after': '1' });
  const { client, requests } = scripted(clock, ...Array.from({ length: 20 }, busy));
  const failed = client
    .of(ConfigMap)
    .in('x')
    .get('a')
    .catch((error: unknown) => error);
  await clock.advance(60_000);
  assert.ok((await failed) instanceof ApiError);
  assert.equal(requests.length, 5);
});

test('a connection that broke is used again for reads only', async () => {
  const clock = virtualClock();
  const broken = () => Object.assign(new TypeError('other side closed'), { code: 'ECONNRESET' });
  const get = scripted(clock, broken());
  const got = get.client.of(ConfigMap).in('x').get('a');
  await clock.advance(1000);
  assert.equal((await got).metadata.name, 'a');
  const create = scripted(clock, broken());
  await assert.rejects(
    create.client
      .of(ConfigMap)
      .in('x')
      .create({ metadata: { name: 'a' } }),
  );
});

test('a request that takes too long is given up, and says so', async () => {
  const clock = virtualClock();
  const never: WireHandler = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const client = createClient(inProcessTransport(never), { clock, random: seededRandom(1) });
  const failed = client
    .of(ConfigMap)
    .in('x')
    .get('a', { timeoutMs: 500 })
    .catch((error: unknown) => error);
  await clock.advance(500);
  const error = await failed;
  assert.ok(isConnectionFailure(error) && /longer than 500 ms/.test(error.message));
  assert.equal(clock.pending(), 0);
});

test("the caller's signal ends a request with its own reason", async () => {
  const stopping = new AbortController();
  const reason = new KubeError('Timeout', 'mine');
  stopping.abort(reason);
  const never: WireHandler = ({ signal }) => Promise.reject(signal?.reason as Error);
  const client = createClient(inProcessTransport(never), { clock: virtualClock(), random: seededRandom(1) });
  await assert.rejects(client.of(ConfigMap).in('x').get('a', { signal: stopping.signal }), reason);
});

test('an answer that is not JSON is reported with its beginning', async () => {
  const { client } = scripted(virtualClock(), answer(200, 'hello'));
  await assert.rejects(client.of(ConfigMap).in('x').get('a'), /not answered with JSON but with: hello/);
});

test('listAll follows the pages', async () => {
  const page = (names: string[], next?: string) =>
    answer(200, {
      kind: 'List',
      metadata: { resourceVersion: '5', continue: next },
      items: names.map((name) => ({ metadata: { name } })),
    });
  const { client, requests } = scripted(virtualClock(), page(['a', 'b'], 'more'), page(['c']));
  const { items, metadata } = await client.of(ConfigMap).in('x').listAll({ resourceVersion: '0' });
  assert.deepEqual(
    items.map(({ kind, metadata: { name } }) => `${kind} ${name}`),
    ['ConfigMap a', 'ConfigMap b', 'ConfigMap c'],
  );
  assert.equal(metadata.resourceVersion, '5');
  assert.deepEqual(
    requests.map(({ path }) => path.split('?')[1]),
    ['limit=500&resourceVersion=0', 'limit=500&continue=more'],
  );
});
