import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import type { LogOptions } from '@reeve/api';

import { renderLine, startTime, tail, takeRecords } from './log-filter.ts';
import type { LogLine } from './log-line.ts';
import type { LogWriter } from './log-writer.ts';

const chunkBytes = 64 * 1024;

/** What to read: the file of a run that has ended, or of one that still writes. */
export interface LogSource {
  readonly path: string;
  /** Undefined when the run has ended. */
  readonly writer: LogWriter | undefined;
}

/** A container's log as the client asked for it; with `follow`, until the run ends or the signal aborts. */
export async function* readLog(source: LogSource, options: LogOptions, nowMs: number): AsyncIterable<Uint8Array> {
  const since = startTime(options, nowMs);
  let budget = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let first = true;
  for await (const batch of batches(source, options)) {
    const wanted = since === undefined ? batch : batch.filter(({ time }) => Date.parse(time) >= since);
    const lines = first && options.tailLines !== undefined ? tail(wanted, options.tailLines) : wanted;
    first = false;
    if (lines.length === 0) continue;
    const bytes = Buffer.concat(lines.map((line) => renderLine(line, options.timestamps === true)));
    yield bytes.subarray(0, budget);
    budget -= bytes.length;
    if (budget <= 0) return;
  }
}

// The first batch is all there is now (bounded by rotation); the later ones are what is added.
async function* batches(source: LogSource, options: LogOptions): AsyncIterable<readonly LogLine[]> {
  const rotated = await readFile(`${source.path}.1`).catch(() => Buffer.alloc(0));
  const file = await open(source.path, 'r');
  let current: FileHandle = file;
  try {
    const present = takeRecords(await readOn(current));
    yield [...takeRecords(rotated).lines, ...present.lines];
    if (options.follow !== true || source.writer === undefined) return;
    let { rest } = present;
    while (options.signal?.aborted !== true) {
      const ended = source.writer.closed;
      const bytes = await readOn(current);
      const taken = takeRecords(Buffer.concat([rest, bytes]));
      rest = taken.rest;
      if (taken.lines.length > 0) yield taken.lines;
      if (bytes.length > 0) continue;
      const next = await reopened(source.path, current);
      if (next !== undefined) {
        await current.close();
        current = next;
      } else if (ended) {
        return;
      } else {
        await changed(source.writer, options.signal);
      }
    }
  } finally {
    await current.close();
  }
}

async function readOn(file: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, bytesRead));
  }
}

// After a rotation the path names another file.
async function reopened(path: string, current: FileHandle): Promise<FileHandle | undefined> {
  const next = await open(path, 'r').catch(() => undefined);
  if (next === undefined) return undefined;
  const [before, after] = await Promise.all([current.stat(), next.stat()]);
  if (before.ino !== after.ino) return next;
  await next.close();
  return undefined;
}

function changed(writer: LogWriter, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const stop = writer.onChange(done);
    signal?.addEventListener('abort', done);
    if (writer.closed) done();
  });
}
