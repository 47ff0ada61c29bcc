import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { loopbackUser } from '../request/user.ts';
import { createApiServer, type ApiServer } from '../server.ts';

const clock: Clock = { now: () => 1_700_000_000_000, schedule: () => () => {} };
let server: ApiServer;
let send: WireHandler;
let round = 0;
let base: string;

interface Answer {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly spec?: Record<string, unknown>;
    readonly status?: Record<string, unknown>;
    readonly metadata?: Record<string, unknown>;
    readonly details?: { readonly retryAfterSeconds?: number };
  };
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const bytes = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
  const response = await send({ method, path, headers, ...bytes });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return { status: response.status, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

before(async () => {
  const admission = { serviceAccount: false };
  server = await createApiServer({ clock, random: () => 0.5, tokens: [], admission, authorization: 'RBAC' });
  send = server.as(loopbackUser);
});
after(() => server.stop());

/** A namespace of its own for each test. */
beforeEach(async () => {
  round += 1;
  await ask('POST', '/api/v1/namespaces', { metadata: { name: `ns${round}` } });
  base = `/api/v1/namespaces/ns${round}`;
});

const containers = [{ name: 'c', image: 'i' }];

async function runningPod(name: string): Promise<void> {
  await ask('POST', `${base}/pods`, { metadata: { name, labels: { app: 'x' } }, spec: { containers, nodeName: 'n' } });
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  await ask('PATCH', `${base}/pods/${name}/status`, { status });
}

async function budget(name: string, status: object): Promise<string> {
  const path = `/apis/policy/v1/namespaces/ns${round}/poddisruptionbudgets`;
  const spec = { minAvailable: 1, selector: { matchLabels: { app: 'x' } } };
  await ask('POST', path, { metadata: { name }, spec });
  await ask('PATCH', `${path}/${name}/status`, { status });
  return `${path}/${name}`;
}

const evict = (name: string): Promise<Answer> =>
  ask('POST', `${base}/pods/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });

test('an eviction spends what the budget allows, and says in the pod why it goes', async () => {
  await runningPod('a');
  const counts = {
    disruptionsAllowed: 1,
    currentHealthy: 2,
    desiredHealthy: 1,
    expectedPods: 2,
    observedGeneration: 1,
  };
  const path = await budget('b', counts);
  assert.equal((await evict('a')).status, 201);
  const { status } = (await ask('GET', path)).body;
  assert.equal(status?.['disruptionsAllowed'], 0);
  assert.deepEqual(Object.keys(status?.['disruptedPods'] ?? {}), ['a']);
  const pod = (await ask('GET', `${base}/pods/a`)).body;
  assert.ok(pod.metadata?.['deletionTimestamp']);
  assert.match(JSON.stringify(pod.status), /EvictionByEvictionAPI/);
});

test('a budget that allows none, is behind, or is not alone refuses', async () => {
  await runningPod('a');
  const none = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 };
  await budget('b', none);
  const refused = await evict('a');
  assert.equal(refused.status, 429);
  assert.equal(refused.body.details?.retryAfterSeconds, undefined);
  await ask('PATCH', `/apis/policy/v1/namespaces/ns${round}/poddisruptionbudgets/b/status`, {
    status: { observedGeneration: 0 },
  });
  assert.equal((await evict('a')).body.details?.retryAfterSeconds, 10);
  await budget('c', none);
  assert.equal((await evict('a')).status, 500);
});

test('a pod is bound once', async () => {
  await ask('POST', `${base}/pods`, { metadata: { name: 'p' }, spec: { containers } });
  const binding = { metadata: { name: 'p', annotations: { a: 'b' } }, target: { kind: 'Node', name: 'n' } };
  assert.equal((await ask('POST', `${base}/pods/p/binding`, binding)).status, 201);
  const pod = (await ask('GET', `${base}/pods/p`)).body;
  assert.equal(pod.spec?.['nodeName'], 'n');
  assert.deepEqual(pod.metadata?.['annotations'], { a: 'b' });
  const again = await ask('POST', `${base}/pods/p/binding`, binding);
  assert.equal(again.status, 409);
  assert.match(again.body.message ?? '', /already assigned to node "n"/);
});

test('a scale reads and writes the replicas of its object', async () => {
  const path = `/apis/apps/v1/namespaces/ns${round}/deployments`;
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers } };
  await ask('POST', path, { metadata: { name: 'd' }, spec: { selector: { matchLabels: { app: 'x' } }, template } });
  const scale = (await ask('PATCH', `${path}/d/scale`, { spec: { replicas: 4 } })).body;
  assert.deepEqual(scale.spec, { replicas: 4 });
  assert.deepEqual(scale.status, { replicas: 0, selector: 'app=x' });
  const deployment = (await ask('GET', `${path}/d`)).body;
  assert.equal(deployment.spec?.['replicas'], 4);
  assert.equal(deployment.metadata?.['generation'], 2);
});

test('a token may be bound to a pod of its account only', async () => {
  await ask('POST', `${base}/serviceaccounts`, { metadata: { name: 'robot' } });
  await ask('POST', `${base}/pods`, { metadata: { name: 'mine' }, spec: { containers, serviceAccountName: 'robot' } });
  await ask('POST', `${base}/pods`, { metadata: { name: 'other' }, spec: { containers } });
  const request = (name: string): Promise<Answer> =>
    ask('POST', `${base}/serviceaccounts/robot/token`, {
      spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name } },
    });
  const good = await request('mine');
  assert.equal(good.status, 201);
  assert.equal(String(good.body.status?.['token']).split('.').length, 3);
  assert.equal((await request('other')).status, 400);
  assert.equal((await request('gone')).status, 404);
});
