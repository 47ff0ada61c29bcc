import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';

import type { Clock, LogOptions } from '@reeve/api';

import { readLog } from './log-reader.ts';
import { LogWriter } from './log-writer.ts';

const directory = mkdtempSync(join(tmpdir(), 'reeve-log-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const start = Date.parse('2026-01-02T03:04:05Z');
let files = 0;

interface Written {
  readonly writer: LogWriter;
  readonly stdout: PassThrough;
  tick(ms: number): void;
}

function open(): Written {
  let now = start;
  const clock: Clock = { now: () => now, schedule: () => () => undefined };
  const writer = new LogWriter(join(directory, `${++files}.log`), clock);
  const stdout = new PassThrough();
  writer.copy(stdout, 'stdout');
  return { writer, stdout, tick: (ms) => void (now += ms) };
}

async function write(stdout: PassThrough, text: string | Buffer): Promise<void> {
  stdout.write(text);
  await new Promise((resolve) => setImmediate(resolve));
}

async function read({ writer }: Pick<Written, 'writer'>, options: LogOptions = {}, now = start): Promise<string> {
  const parts: Uint8Array[] = [];
  const source = { path: writer.path, writer };
  for await (const chunk of readLog(source, options, now)) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

test('lines come back as they were printed', async () => {
  const log = open();
  await write(log.stdout, 'one\ntw');
  await write(log.stdout, 'o\n\nthree\n');
  assert.equal(await read(log), 'one\ntwo\n\nthree\n');
});

test('the last line needs no line end', async () => {
  const log = open();
  log.stdout.end('unfinished');
  await new Promise((resolve) => log.stdout.once('close', resolve));
  assert.equal(await read(log), 'unfinished\n');
});

const options: readonly { name: string; options: LogOptions; now?: number; expected: string }[] = [
  { name: 'tailLines takes the last lines', options: { tailLines: 2 }, expected: 'b\nc\n' },
  { name: 'tailLines 0 takes none', options: { tailLines: 0 }, expected: '' },
  { name: 'limitBytes cuts', options: { limitBytes: 3 }, expected: 'a\nb' },
  { name: 'sinceSeconds counts from now', options: { sinceSeconds: 5 }, now: start + 24_000, expected: 'c\n' },
  { name: 'sinceTime names the first time', options: { sinceTime: '2026-01-02T03:04:15Z' }, expected: 'b\nc\n' },
  {
    name: 'timestamps come first',
    options: { timestamps: true, tailLines: 1 },
    expected: '2026-01-02T03:04:25.000000000Z c\n',
  },
];

for (const { name, options: wanted, now, expected } of options) {
  test(name, async () => {
    const log = open();
    for (const line of ['a\n', 'b\n', 'c\n']) {
      await write(log.stdout, line);
      log.tick(10_000);
    }
    assert.equal(await read(log, wanted, now), expected);
  });
}

test('a very long line is kept in pieces and read as one', async () => {
  const log = open();
  const long = 'x'.repeat(50_000);
  await write(log.stdout, `${long}\nend\n`);
  assert.equal(await read(log), `${long}\nend\n`);
  assert.equal(await read(log, { tailLines: 2 }), `${long}\nend\n`);
});

test('following goes on until the run ends, over a rotation', async () => {
  const log = open();
  await write(log.stdout, 'first\n');
  const following = read(log, { follow: true });
  const block = Buffer.from(`${'y'.repeat(1023)}\n`.repeat(1024));
  for (let index = 0; index < 12; index++) await write(log.stdout, block);
  log.stdout.end('last\n');
  const text = await following;
  assert.ok(text.startsWith('first\n') && text.endsWith('last\n'));
  assert.equal(text.length, 'first\nlast\n'.length + 12 * block.length);
  assert.ok(existsSync(`${log.writer.path}.1`), 'the log was rotated');
});

test('following stops when the client goes away', async () => {
  const log = open();
  const gone = new AbortController();
  const following = read(log, { follow: true, signal: gone.signal });
  await write(log.stdout, 'a\n');
  gone.abort();
  assert.equal(await following, 'a\n');
});
