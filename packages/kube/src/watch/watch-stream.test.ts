import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireHandler } from '@reeve/api';
import { ConfigMap } from '@reeve/api/core/v1';
import { seededRandom, virtualClock } from '@reeve/testing';
import type { VirtualClock } from '@reeve/testing';
import { isExpired, isForbidden } from '../api-error.ts';
import { createClient } from '../create-client.ts';
import { inProcessTransport } from '../in-process-transport.ts';
import type { WatchOptions } from '../options.ts';

type Line = { readonly type: string; readonly object: object } | 'break' | 'hang' | number;

const object = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } });
const added = (name: string, version: string): Line => ({ type: 'ADDED', object: object(name, version) });
const modified = (name: string, version: string): Line => ({ type: 'MODIFIED', object: object(name, version) });
const bookmark = (version: string, end = false): Line => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: version, annotations: end ? { 'k8s.io/initial-events-end': 'true' } : {} } },
});
const error = (code: number): Line => ({
  type: 'ERROR',
  object: { kind: 'Status', code, reason: code === 410 ? 'Expired' : '' },
});

/** A server whose connections send these lines; a number is an error status. */
function watching(clock: VirtualClock, connections: readonly Line[][], options: WatchOptions = {}) {
  const queries: URLSearchParams[] = [];
  const handler: WireHandler = (request) => {
    queries.push(new URLSearchParams(request.path.split('?')[1]));
    const lines = connections[queries.length - 1] ?? ['hang'];
    const [first] = lines;
    if (typeof first === 'number') {
      return Promise.resolve({ status: first, headers: {}, body: (async function* () {})() });
    }
    async function* body(): AsyncGenerator<Uint8Array> {
      for (const line of lines) {
        if (line === 'break') throw new TypeError('reset');
        if (line === 'hang') {
          await new Promise((_resolve, reject) => {
            request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error));
          });
        }
        yield Buffer.from(`${JSON.stringify(line)}\n`);
      }
    }
    return Promise.resolve({ status: 200, headers: {}, body: body() });
  };
  const client = createClient(inProcessTransport(handler), { clock, random: seededRandom(1) });
  const seen: string[] = [];
  const run = async (): Promise<void> => {
    for await (const event of client.of(ConfigMap).watch(options)) {
      seen.push(
        event.type === 'BOOKMARK' ? `bookmark ${event.resourceVersion}` : `${event.type} ${event.object.metadata.name}`,
      );
    }
  };
  const ended = run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { queries, seen, ended };
}

test('a watch resumes after each end from the last version, bookmarks included', async () => {
  const clock = virtualClock();
  const { queries, seen } = watching(
    clock,
    [[added('a', '11'), bookmark('15')], [modified('a', '17'), 'break'], [modified('a', '18')]],
    { resourceVersion: '10' },
  );
  await clock.advance(10_000);
  assert.deepEqual(seen, ['ADDED a', 'bookmark 15', 'MODIFIED a', 'MODIFIED a']);
  assert.deepEqual(
    queries.map((query) => query.get('resourceVersion')),
    ['10', '15', '17', '18'],
  );
  const [first] = queries;
  assert.deepEqual([first?.get('allowWatchBookmarks'), first?.get('watch')], ['true', 'true']);
  const seconds = Number(first?.get('timeoutSeconds'));
  assert.ok(seconds >= 300 && seconds < 600);
});

test('a watch from now begins again while only the unordered initial objects have come', async () => {
  const clock = virtualClock();
  const { queries } = watching(clock, [
    [added('b', '9'), added('a', '3'), 'break'],
    [added('a', '3'), modified('a', '12'), 'break'],
  ]);
  await clock.advance(10_000);
  assert.deepEqual(
    queries.map((query) => query.get('resourceVersion')),
    [null, null, '12'],
  );
});

test('initial events end with a marked bookmark, after which versions count', async () => {
  const clock = virtualClock();
  const { queries } = watching(
    clock,
    [
      [added('a', '3'), 'break'],
      [added('a', '3'), bookmark('20', true), 'break'],
    ],
    {
      sendInitialEvents: true,
    },
  );
  await clock.advance(10_000);
  assert.deepEqual(
    queries.map((query) => [
      query.get('sendInitialEvents'),
      query.get('resourceVersionMatch'),
      query.get('resourceVersion'),
    ]),
    [
      ['true', 'NotOlderThan', null],
      ['true', 'NotOlderThan', null],
      [null, null, '20'],
    ],
  );
});

test('a silent connection is taken for dead and replaced', async () => {
  const clock = virtualClock();
  const { queries } = watching(clock, [[bookmark('11'), 'hang'], ['hang']], { resourceVersion: '10', idleMs: 60_000 });
  await clock.advance(59_000);
  assert.equal(queries.length, 1);
  await clock.advance(5000);
  assert.deepEqual(queries[1]?.get('resourceVersion'), '11');
});

test('failures are tried again with growing waits, without a hot loop', async () => {
  const clock = virtualClock();
  const { queries } = watching(
    clock,
    Array.from({ length: 100 }, () => ['break']),
    { resourceVersion: '10' },
  );
  await clock.advance(10 * 60_000);
  assert.ok(queries.length > 10 && queries.length < 40, `${queries.length} connections in ten minutes`);
});

test('a version that is too old ends the watch, as does a refusal', async () => {
  const clock = virtualClock();
  const old = watching(clock, [[added('a', '11'), error(410)]], { resourceVersion: '10' });
  assert.ok(isExpired(await old.ended));
  const refused = watching(clock, [[403]], { resourceVersion: '10' });
  assert.ok(isForbidden(await refused.ended));
});

test('an abort ends the watch without an error', async () => {
  const clock = virtualClock();
  const stopping = new AbortController();
  const { ended, seen } = watching(clock, [[added('a', '11'), 'hang']], {
    resourceVersion: '10',
    signal: stopping.signal,
  });
  await clock.settle();
  stopping.abort();
  assert.equal(await ended, undefined);
  assert.deepEqual(seen, ['ADDED a']);
  await clock.advance(1000);
  assert.equal(clock.pending(), 0);
});

test('the reader sets the pace: nothing is read ahead of it', async () => {
  let sent = 0;
  const handler: WireHandler = () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; sent < 1000; sent += 1) yield Buffer.from(`${JSON.stringify(added('a', String(sent)))}\n`);
    }
    return Promise.resolve({ status: 200, headers: {}, body: body() });
  };
  const clock = virtualClock();
  const client = createClient(inProcessTransport(handler), { clock, random: seededRandom(1) });
  for await (const event of client.of(ConfigMap).watchOnce({ resourceVersion: '1' })) {
    await clock.settle();
    assert.equal(event.type, 'ADDED');
    if (sent > 5) break;
  }
  assert.ok(sent < 10);
});
