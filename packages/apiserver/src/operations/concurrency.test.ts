import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { createApiServer } from '../server.ts';
import type { ApiServer } from '../server.ts';

const clock: Clock = { now: () => Date.parse('2026-01-01T00:00:00Z'), schedule: () => () => {} };
let server: ApiServer;
let handler: WireHandler;

before(async () => {
  const admission = { serviceAccount: false };
  server = await createApiServer({ clock, random: () => 0.5, tokens: [], admission, authorization: 'RBAC' });
  handler = server.as({ name: 'tester', groups: ['system:masters'] });
});
after(() => server.stop());

const path = '/api/v1/namespaces/default/configmaps';

interface Answer {
  readonly code: number;
  readonly body: { readonly metadata?: { readonly resourceVersion?: string }; readonly data?: Record<string, string> };
}

async function send(method: string, at: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const bytes = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
  const response = await handler({ method, path: at, headers, ...bytes });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return { code: response.status, body: JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'] };
}

const inParallel = (count: number, run: (index: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

test('patches at the same time all take effect', async () => {
  await send('POST', path, { metadata: { name: 'shared' } });
  const answers = await inParallel(40, (index) => send('PATCH', `${path}/shared`, { data: { [`k${index}`]: 'v' } }));
  assert.ok(answers.every(({ code }) => code === 200));
  const { body } = await send('GET', `${path}/shared`);
  assert.equal(Object.keys(body.data ?? {}).length, 40);
});

test('of updates from one version only the first is taken', async () => {
  const { body } = await send('POST', path, { metadata: { name: 'raced' } });
  const { resourceVersion } = body.metadata ?? {};
  const answers = await inParallel(10, (index) =>
    send('PUT', `${path}/raced`, { metadata: { name: 'raced', resourceVersion }, data: { k: String(index) } }),
  );
  assert.deepEqual(answers.map(({ code }) => code).toSorted(), [200, ...Array.from({ length: 9 }, () => 409)]);
});

test('of creates of one name only the first is taken', async () => {
  const answers = await inParallel(10, () => send('POST', path, { metadata: { name: 'once' } }));
  assert.deepEqual(answers.map(({ code }) => code).toSorted(), [201, ...Array.from({ length: 9 }, () => 409)]);
});

test('a write that changes nothing keeps the version and is no event', async () => {
  const { body } = await send('POST', path, { metadata: { name: 'still' }, data: { k: 'v' } });
  const revision = server.core.store.revision;
  const again = await send('PATCH', `${path}/still`, { data: { k: 'v' } });
  assert.equal(again.body.metadata?.resourceVersion, body.metadata?.resourceVersion);
  assert.equal(server.core.store.revision, revision);
});
