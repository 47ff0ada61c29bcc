import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

import type { Clock } from '@reeve/api';

import { logHead } from './log-line.ts';

const newline = 0x0a;
/** Longer lines become several records, as the CRI format allows. */
const maxLineBytes = 16 * 1024;
/** When a file is this long it is moved to `<file>.1`, over the one before: a container keeps 10 to 20 MiB of log. */
const maxFileBytes = 10 * 1024 * 1024;

/** Writes what a container prints to its log file, line by line, and tells followers. */
export class LogWriter {
  readonly path: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #file: number;
  #size: number;
  #open = 0;
  #closed = false;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a', 0o640);
    this.#size = fstatSync(this.#file).size;
  }

  /** No more will come. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Copies a stream of the container until it ends; the file closes after the last one. */
  copy(source: Readable, stream: 'stdout' | 'stderr'): void {
    this.#open++;
    let rest: Buffer = Buffer.alloc(0);
    source.on('data', (chunk: Buffer) => {
      rest = this.#writeLines(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), stream);
    });
    source.once('close', () => {
      if (rest.length > 0) this.#write(rest, stream, true);
      this.#open--;
      if (this.#open === 0) this.#close();
    });
    source.on('error', () => undefined);
  }

  /** Called after each write and at the end; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #writeLines(bytes: Buffer, stream: 'stdout' | 'stderr'): Buffer {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      start = this.#writeLong(bytes.subarray(0, end), start, stream);
      this.#write(bytes.subarray(start, end), stream, true);
      start = end + 1;
    }
    start = this.#writeLong(bytes, start, stream);
    this.#notify();
    return bytes.subarray(start);
  }

  #writeLong(bytes: Buffer, from: number, stream: 'stdout' | 'stderr'): number {
    let start = from;
    while (bytes.length - start > maxLineBytes) {
      this.#write(bytes.subarray(start, start + maxLineBytes), stream, false);
      start += maxLineBytes;
    }
    return start;
  }

  #write(text: Buffer, stream: 'stdout' | 'stderr', full: boolean): void {
    const record = Buffer.concat([Buffer.from(logHead(this.#clock.now(), stream, full)), text, Buffer.from('\n')]);
    try {
      writeSync(this.#file, record);
    } catch {
      // The disk is full: the program goes on, its output is lost, as with a real node.
      return;
    }
    this.#size += record.length;
    if (this.#size > maxFileBytes) this.#rotate();
  }

  #rotate(): void {
    closeSync(this.#file);
    renameSync(this.path, `${this.path}.1`);
    this.#file = openSync(this.path, 'a', 0o640);
    this.#size = 0;
  }

  #close(): void {
    this.#closed = true;
    closeSync(this.#file);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
