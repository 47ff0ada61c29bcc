import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { createApiServer } from '../server.ts';
import type { ApiServer } from '../server.ts';

/** Time that stands until a test moves it. */
class TestClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const entry = { at: this.#now + delayMs, task };
    this.#tasks.push(entry);
    return () => (this.#tasks = this.#tasks.filter((other) => other !== entry));
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#tasks.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.#now = next.at;
      next.task();
    }
    this.#now = end;
  }
}

const clock = new TestClock();
let server: ApiServer;
let handler: WireHandler;

before(async () => {
  server = await createApiServer({
    clock,
    random: () => 0.5,
    tokens: [],
    admission: { serviceAccount: false },
    authorization: 'AlwaysAllow',
  });
  handler = server.as({ name: 'tester', groups: ['system:masters'] });
});
after(() => server.stop());

const path = '/api/v1/namespaces/default/configmaps';

async function send(method: string, at: string, body?: unknown): Promise<Record<string, unknown>> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await handler({
    method,
    path: at,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  assert.ok(response.status < 300, Buffer.concat(chunks).toString());
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
}

const configMap = (name: string, labels: Record<string, string> = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
});

interface Seen {
  readonly type: string;
  readonly object: {
    readonly metadata?: { readonly name?: string; readonly annotations?: unknown };
    readonly code?: number;
  };
}

/** A watch whose events are read one by one. */
async function startWatch(query: string): Promise<{
  readonly next: () => Promise<Seen | undefined>;
  readonly stop: () => void;
}> {
  const ended = new AbortController();
  const response = await handler({
    method: 'GET',
    path: `${path}?watch=1&${query}`,
    headers: {},
    signal: ended.signal,
  });
  assert.equal(response.status, 200);
  const chunks = response.body[Symbol.asyncIterator]();
  let lines: string[] = [];
  return {
    async next() {
      while (lines.length === 0) {
        const { value, done } = await chunks.next();
        if (done === true) return undefined;
        lines = Buffer.from(value).toString().split('\n').filter(Boolean);
      }
      return JSON.parse(lines.shift() ?? '') as Seen;
    },
    stop: () => ended.abort(),
  };
}

const summary = (event: Seen | undefined): string =>
  `${event?.type} ${event?.object.metadata?.name ?? event?.object.code}`;

test('a watch tells what enters, changes in and leaves its selection', async () => {
  const watch = await startWatch(`labelSelector=app%3Dx&resourceVersion=${server.core.store.revision}`);
  await send('POST', path, configMap('a', { app: 'y' }));
  await send('PATCH', `${path}/a`, { metadata: { labels: { app: 'x' } } });
  await send('PATCH', `${path}/a`, { data: { k: '1' } });
  await send('PATCH', `${path}/a`, { metadata: { labels: { app: 'z' } } });
  await send('DELETE', `${path}/a`);
  await send('POST', path, configMap('b', { app: 'x' }));
  assert.equal(summary(await watch.next()), 'ADDED a');
  assert.equal(summary(await watch.next()), 'MODIFIED a');
  assert.equal(summary(await watch.next()), 'DELETED a');
  assert.equal(summary(await watch.next()), 'ADDED b');
  watch.stop();
  assert.equal(await watch.next(), undefined);
});

test('a streamed list ends with an annotated bookmark', async () => {
  await send('POST', path, configMap('s', { app: 'stream' }));
  const watch = await startWatch(
    'labelSelector=app%3Dstream&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
  );
  assert.equal(summary(await watch.next()), 'ADDED s');
  const bookmark = await watch.next();
  assert.equal(bookmark?.type, 'BOOKMARK');
  assert.deepEqual(bookmark?.object.metadata?.annotations, { 'k8s.io/initial-events-end': 'true' });
  watch.stop();
});

test('a watch ends after timeoutSeconds, with a bookmark before if the server has moved on', async () => {
  const watch = await startWatch(
    `labelSelector=app%3Dnone&resourceVersion=${server.core.store.revision}&timeoutSeconds=10&allowWatchBookmarks=true`,
  );
  await send('POST', path, configMap('t'));
  clock.advance(10_000);
  assert.equal((await watch.next())?.type, 'BOOKMARK');
  assert.equal(await watch.next(), undefined);
});

test('a watch from a version that is forgotten gets one ERROR of code 410', async () => {
  const watch = await startWatch('resourceVersion=1');
  assert.equal(summary(await watch.next()), 'ERROR 410');
  assert.equal(await watch.next(), undefined);
});

test('a reader that never reads is cut off and never holds writers up', async () => {
  const { store } = server.core;
  const watch = await startWatch(`resourceVersion=${store.revision}`);
  for (let round = 0; round < 20_001; round += 1) {
    const current = store.get('configmaps', 'default/slow');
    store.put('configmaps', 'default/slow', { metadata: { name: 'slow', namespace: 'default' } }, current);
  }
  assert.equal(await watch.next(), undefined);
});

test('a watch ends when the server stops', async () => {
  const other = await createApiServer({
    clock,
    random: () => 0.5,
    tokens: [],
    admission: { serviceAccount: false },
    authorization: 'AlwaysAllow',
  });
  const watching = await other.as({ name: 'tester', groups: [] })({
    method: 'GET',
    path: `${path}?watch=1`,
    headers: {},
  });
  const ending = watching.body[Symbol.asyncIterator]().next();
  await other.stop();
  assert.equal((await ending).done, true);
});

test('pages show the state of the first page', async () => {
  for (const name of ['p1', 'p2', 'p3']) await send('POST', path, configMap(name, { page: 'y' }));
  const first = await send('GET', `${path}?labelSelector=page%3Dy&limit=2`);
  await send('DELETE', `${path}/p3`);
  await send('POST', path, configMap('p4', { page: 'y' }));
  const { continue: token, resourceVersion } = first['metadata'] as Record<string, string>;
  const second = await send('GET', `${path}?labelSelector=page%3Dy&limit=2&continue=${token}`);
  const names = (list: Record<string, unknown>): string[] =>
    (list['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  assert.deepEqual([names(first), names(second)], [['p1', 'p2'], ['p3']]);
  assert.equal((second['metadata'] as Record<string, string>)['resourceVersion'], resourceVersion);
});
