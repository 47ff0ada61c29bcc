import { mkdirSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { logPath, recover, removeBefore, snapshotPath } from './journal-files.ts';
import type { Recovered } from './journal-files.ts';
import { recordLine } from './journal-record.ts';
import type { Journal, JournalEntry } from './store.ts';

/** A log that outgrows this and what the last snapshot took is replaced by a snapshot. */
const minSnapshotBytes = 8 * 1024 * 1024;
const snapshotChunk = 1000;

/**
 * Keeps writes in a directory. Writes that come while the disk is busy are put on it together (group commit); a write
 * is acknowledged after fdatasync. Once the disk has failed nothing more is taken: what is in memory may then be more than
 * what is kept, so the server must not show it either.
 */
export class FileJournal implements Journal {
  readonly recovered: Recovered;
  readonly #directory: string;
  readonly #unlock: () => void;
  #generation: number;
  #log: FileHandle;
  #lines: string[] = [];
  #flushing: Promise<void> | undefined;
  /** Why nothing more can be kept. */
  failure: StatusError | undefined;
  #listener: ((failure: StatusError) => void) | undefined;
  #logBytes: number;
  #snapshotBytes = 0;
  #snapshotting: Promise<void> | undefined;
  #state: () => JournalEntry[] = () => [];

  private constructor(directory: string, recovered: Recovered, log: FileHandle, unlock: () => void) {
    this.#directory = directory;
    this.recovered = recovered;
    this.#generation = recovered.generation;
    this.#logBytes = recovered.logBytes;
    this.#log = log;
    this.#unlock = unlock;
  }

  /** Reads what the directory holds and goes on there. Throws if another process uses it. */
  static async open(directory: string): Promise<FileJournal> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const unlock = lockDirectory(directory);
    const recovered = recover(directory);
    const log = await open(logPath(directory, recovered.generation), 'a', 0o600);
    return new FileJournal(directory, recovered, log, unlock);
  }

  /** Where snapshots take the newest state from. */
  attach(state: () => JournalEntry[]): void {
    this.#state = state;
  }

  append(entry: JournalEntry): void {
    this.#lines.push(recordLine(entry));
  }

  async flushed(): Promise<void> {
    // A flush that is under way may not hold the newest lines: the one after it does.
    while (this.#flushing !== undefined || this.#lines.length > 0) {
      this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
      await this.#flushing;
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Called once, when the disk has failed. */
  onFailure(listener: (failure: StatusError) => void): void {
    this.#listener = listener;
  }

  #fail(cause: unknown): StatusError {
    this.failure ??= diskFailed(cause);
    this.#listener?.(this.failure);
    this.#listener = undefined;
    return this.failure;
  }

  async close(): Promise<void> {
    try {
      await this.flushed();
      await this.#snapshotting;
    } finally {
      await this.#log.close();
      this.#unlock();
    }
  }

  async #flush(): Promise<void> {
    const text = this.#lines.join('');
    this.#lines = [];
    if (this.failure !== undefined) throw this.failure;
    try {
      // Unlike write, this goes on after a short write, which a nearly full disk makes.
      await this.#log.appendFile(text);
      await this.#log.datasync();
      this.#logBytes += Buffer.byteLength(text);
    } catch (error) {
      throw this.#fail(error);
    }
    if (this.#logBytes > Math.max(minSnapshotBytes, this.#snapshotBytes)) await this.#startGeneration();
  }

  /** Switches to a new log, between two flushes, and writes the snapshot beside it in the background. */
  async #startGeneration(): Promise<void> {
    if (this.#snapshotting !== undefined) return;
    const generation = this.#generation + 1;
    const old = this.#log;
    this.#log = await open(logPath(this.#directory, generation), 'a', 0o600);
    await old.close();
    this.#generation = generation;
    this.#logBytes = 0;
    this.#snapshotting = this.#snapshot(generation, this.#state())
      .catch((error: unknown) => this.#fail(error))
      .then(() => (this.#snapshotting = undefined));
  }

  async #snapshot(generation: number, entries: readonly JournalEntry[]): Promise<void> {
    const path = snapshotPath(this.#directory, generation);
    const file = await open(`${path}.part`, 'w', 0o600);
    let bytes = 0;
    for (let start = 0; start < entries.length; start += snapshotChunk) {
      const text = entries
        .slice(start, start + snapshotChunk)
        .map(recordLine)
        .join('');
      await file.appendFile(text);
      bytes += Buffer.byteLength(text);
    }
    await file.sync();
    await file.close();
    await rename(`${path}.part`, path);
    await syncDirectory(this.#directory);
    this.#snapshotBytes = bytes;
    removeBefore(this.#directory, generation);
  }
}

/** Makes a rename last. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync();
  await handle.close();
}

function diskFailed(cause: unknown): StatusError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return statusError(
    503,
    'ServiceUnavailable',
    `the data directory cannot be written (${detail}): make room or mend it, then start the server again; what it acknowledged is kept`,
  );
}
