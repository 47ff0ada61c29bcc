import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { ConfigMap } from '@reeve/api/core/v1';
import { createClient, httpTransport } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { Command, memoryOf } from './process.ts';
import { median, row } from './row.ts';
import type { Row } from './row.ts';

const STARTS = 5;
const SECONDS = 5;
const WRITERS = 16;
const WATCHERS = 10;

/** Start to /readyz, memory, writes and watch deliveries a second of the API server, over HTTPS on loopback. */
export async function benchApiServer(): Promise<readonly Row[]> {
  const work = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  try {
    const tokens = join(work, 'tokens.csv');
    writeFileSync(tokens, 'bench,admin,1,"system:masters"\n');
    const starts: number[] = [];
    for (let run = 0; run < STARTS; run++) starts.push(await startOnce(tokens));
    return [row('API server: start to /readyz', median(starts), 's', '1.5 s'), ...(await load(tokens, work))];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function open(command: Command): Promise<Client> {
  await command.until(/^CA certificate: /);
  const valueOf = (label: string): string =>
    command.lines.find(({ text }) => text.startsWith(label))?.text.slice(label.length) ?? '';
  return createClient(
    httpTransport({
      server: valueOf('API server: '),
      ca: readFileSync(valueOf('CA certificate: '), 'utf8'),
      token: 'bench',
    }),
  );
}

async function startOnce(tokens: string): Promise<number> {
  const start = performance.now();
  await using command = new Command(['apiserver', '--token-auth-file', tokens], {});
  const client = await open(command);
  await client.raw('GET', '/readyz');
  const seconds = (performance.now() - start) / 1000;
  await client.close();
  return seconds;
}

async function load(tokens: string, work: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, flags] of [
    ['in memory', []],
    ['with --data (fsync before each answer)', ['--data', join(work, 'data')]],
  ] as const) {
    await using command = new Command(['apiserver', '--token-auth-file', tokens, ...flags], {});
    const client = await open(command);
    if (name === 'in memory') rows.push(row('API server: memory once ready', memoryOf(command.pid), 'MB', '100 MB'));
    rows.push(row(`API server: writes of 1 KB, ${WRITERS} clients, ${name}`, (await write(client)) / SECONDS, '1/s'));
    if (name === 'in memory')
      rows.push(row(`API server: watch deliveries, ${WATCHERS} watchers`, await deliver(client), '1/s'));
    await client.close();
  }
  return rows;
}

/** Creates objects from many writers for a while; gives how many. */
async function write(client: Client): Promise<number> {
  const data = { text: 'x'.repeat(900) };
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  const writer = async (id: number): Promise<void> => {
    for (let n = 0; performance.now() < end; n++, count++) {
      await client
        .of(ConfigMap)
        .in('default')
        .create({ metadata: { name: `bench-${id}-${n}` }, data });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, id) => writer(id)));
  return count;
}

async function deliver(client: Client): Promise<number> {
  const stop = new AbortController();
  let count = 0;
  const watchers = Array.from({ length: WATCHERS }, async () => {
    const { metadata } = await client.of(ConfigMap).in('default').list({ limit: 1 });
    for await (const event of client
      .of(ConfigMap)
      .in('default')
      .watch({ resourceVersion: metadata.resourceVersion ?? '0', signal: stop.signal })) {
      if (event.type !== 'BOOKMARK') count++;
    }
  });
  const start = performance.now();
  const data = { text: 'x'.repeat(900) };
  const end = start + SECONDS * 1000;
  const writer = async (id: number): Promise<void> => {
    for (let n = 0; performance.now() < end; n++)
      await client
        .of(ConfigMap)
        .in('default')
        .create({ metadata: { name: `seen-${id}-${n}` }, data });
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, id) => writer(id)));
  const rate = count / ((performance.now() - start) / 1000);
  stop.abort();
  await Promise.allSettled(watchers);
  return rate;
}
