import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import type { Clock } from '@reeve/api';
import { metadataOf } from '../value.ts';
import { logPath } from './journal-files.ts';
import { openStore } from './open-store.ts';

const directories: string[] = [];
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'journal-'));
  directories.push(made);
  return made;
}

const stillClock: Clock = { now: () => 0, schedule: () => () => {} };
const open = (at: string): ReturnType<typeof openStore> => openStore(stillClock, 60_000, at);

const configMap = (name: string, value: string): { metadata: { name: string }; data: { k: string } } => ({
  metadata: { name },
  data: { k: value },
});

test('a store opened again has what was written, without what was deleted', async () => {
  const at = directory();
  const first = await open(at);
  const a = first.put('configmaps', 'ns/a', configMap('a', 'täxt\t"1"\n'), undefined);
  assert.ok(a);
  first.put('roles', 'odd\tna\nme', configMap('odd', '1'), undefined);
  first.put('configmaps', 'ns/b', configMap('b', '1'), undefined);
  first.put('configmaps', 'ns/a', configMap('a', '2\u2028'), a);
  const b = first.get('configmaps', 'ns/b');
  assert.ok(b);
  first.delete('configmaps', 'ns/b', b);
  await first.durable();
  await first.stop();

  const second = await open(at);
  assert.deepEqual(second.get('configmaps', 'ns/a')?.object()['data'], { k: '2\u2028' });
  assert.ok(second.get('roles', 'odd\tna\nme'));
  assert.equal(second.get('configmaps', 'ns/b'), undefined);
  assert.ok(second.revision > first.revision + 100, 'versions that may have been seen are not given again');
  await second.stop();
});

test('a torn last line is cut off, and writing goes on after the whole ones', async () => {
  const at = directory();
  const first = await open(at);
  first.put('configmaps', 'ns/a', configMap('a', '1'), undefined);
  await first.stop();
  appendFileSync(logPath(join(at, 'store'), 1), 'deadbeef\tconfigmaps\tns/b\t9\t{"metada');

  const second = await open(at);
  assert.equal(second.get('configmaps', 'ns/b'), undefined);
  second.put('configmaps', 'ns/c', configMap('c', '1'), undefined);
  await second.stop();

  const third = await open(at);
  assert.deepEqual(
    Array.from(third.scan('configmaps'), ({ key }) => key),
    ['ns/a', 'ns/c'],
  );
  await third.stop();
});

test('a log that grows is replaced by a snapshot', async () => {
  const at = directory();
  const first = await open(at);
  const value = 'x'.repeat(100_000);
  for (let round = 0; round < 200; round += 1) {
    const current = first.get('configmaps', 'ns/a');
    first.put('configmaps', 'ns/a', configMap('a', `${round} ${value}`), current);
    await first.durable();
  }
  await first.stop();
  const files = readdirSync(join(at, 'store')).toSorted();
  assert.ok(
    files.some((name) => name.endsWith('.snapshot')),
    files.join(),
  );
  assert.ok(!files.includes('1.log'), files.join());

  const second = await open(at);
  assert.match(String(JSON.stringify(second.get('configmaps', 'ns/a')?.object()['data'])), /^\{"k":"199 /);
  await second.stop();
});

test('a directory in use by a living process is refused', async () => {
  const at = directory();
  const writer = startWriter(at);
  await writer.next();
  await assert.rejects(open(at), /is in use by process \d+/);
  writer.kill();
  await writer.ended;
});

test('a process killed while it writes loses no acknowledged write', async () => {
  const at = directory();
  const writer = startWriter(at);
  let acknowledged = 0;
  while (acknowledged < 300) acknowledged = Number(await writer.next());
  writer.kill();
  await writer.ended;
  acknowledged = Math.max(acknowledged, writer.last());
  const store = await open(at);
  for (let number = 1; number <= acknowledged; number += 1) {
    const stored = store.get('configmaps', `ns/n${number}`);
    assert.equal(stored && metadataOf(stored.object())['name'], `n${number}`);
  }
  await store.stop();
});

test('a full disk loses no acknowledged write, and then nothing is answered any more', async () => {
  const at = directory();
  const program = `
    const { openStore } = await import(${JSON.stringify(new URL('./open-store.ts', import.meta.url).href)});
    const store = await openStore({ now: () => 0, schedule: () => () => {} }, 60000, ${JSON.stringify(at)});
    let told = 0;
    store.onFailure(() => (told += 1));
    for (let n = 1; store.failure === undefined; n += 1) {
      store.put('configmaps', 'ns/n' + n, { metadata: { name: 'n' + n }, data: { k: 'x'.repeat(300000) } }, undefined);
      await store.durable().then(() => console.log(n), () => undefined);
    }
    console.log(JSON.stringify({ told, code: store.failure.status.code }));
    process.exit();`;
  // A limit on the size of files is met like a full disk: by a short write, then by an error (setrlimit(2)).
  const limited = ['-c', `trap '' XFSZ; ulimit -f 2500; exec "$0" "$@"`, process.execPath];
  const { stdout } = spawnSync(
    'sh',
    [...limited, '--conditions=@reeve/source', '--input-type=module', '--eval', program],
    {
      encoding: 'utf8',
    },
  );
  const lines = stdout.trim().split('\n');
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), { told: 1, code: 503 });
  const acknowledged = lines.slice(0, -1).map(Number);
  assert.ok(acknowledged.length > 1, stdout);
  const store = await open(at);
  assert.deepEqual(
    Array.from(store.scan('configmaps'), ({ key }) => key),
    acknowledged.map((n) => `ns/n${n}`),
    'exactly what was acknowledged is kept',
  );
  await store.stop();
});

/** A process that writes objects n1, n2 … and prints a number after each that is acknowledged. */
function startWriter(at: string): {
  readonly next: () => Promise<string>;
  readonly last: () => number;
  readonly kill: () => void;
  readonly ended: Promise<unknown>;
} {
  const program = `
    const { openStore } = await import(${JSON.stringify(new URL('./open-store.ts', import.meta.url).href)});
    const store = await openStore({ now: () => 0, schedule: () => () => {} }, 60000, ${JSON.stringify(at)});
    for (let n = 1; ; n += 1) {
      store.put('configmaps', 'ns/n' + n, { metadata: { name: 'n' + n } }, undefined);
      await store.durable();
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--conditions=@reeve/source', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  let last = 0;
  lines.on('line', (line) => (last = Number(line)));
  const iterator = lines[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await iterator.next();
      assert.ok(done !== true, 'the writer ended');
      return value;
    },
    last: () => last,
    kill: () => child.kill('SIGKILL'),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}
