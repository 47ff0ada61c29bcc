import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { statusError } from '../status-error.ts';
import { parseRecord } from './journal-record.ts';
import type { JournalEntry } from './store.ts';

/**
 * A data directory holds generations: `N.snapshot`, all objects at one moment, and `N.log`, the writes after it. A new
 * log begins before its snapshot is written, so the newest complete snapshot and all logs from it on give the state.
 */
export interface Recovered {
  /** The last write of each object, deletions included, in order. */
  readonly entries: readonly JournalEntry[];
  /** The generation whose log goes on. */
  readonly generation: number;
  readonly revision: number;
  /** Bytes of logs since the snapshot. */
  readonly logBytes: number;
}

export const snapshotPath = (directory: string, generation: number): string =>
  join(directory, `${generation}.snapshot`);
export const logPath = (directory: string, generation: number): string => join(directory, `${generation}.log`);

/** Reads a directory; a torn last line of a log is cut off, as its write was never acknowledged. */
export function recover(directory: string): Recovered {
  const logs = generationsOf(directory, '.log');
  const snapshot = generationsOf(directory, '.snapshot').at(-1);
  const entries: JournalEntry[] = snapshot === undefined ? [] : readSnapshot(snapshotPath(directory, snapshot));
  let logBytes = 0;
  for (const generation of logs) {
    if (generation < (snapshot ?? 0)) continue;
    const read = readLog(logPath(directory, generation), generation === logs.at(-1));
    for (const entry of read.entries) entries.push(entry);
    logBytes += read.bytes;
  }
  const revision = entries.reduce((newest, entry) => Math.max(newest, entry.revision), 0);
  return { entries, generation: logs.at(-1) ?? snapshot ?? 1, revision, logBytes };
}

/** Removes what generations before this one left. */
export function removeBefore(directory: string, generation: number): void {
  for (const suffix of ['.log', '.snapshot']) {
    for (const old of generationsOf(directory, suffix)) {
      if (old < generation) rmSync(join(directory, `${old}${suffix}`), { force: true });
    }
  }
}

function generationsOf(directory: string, suffix: string): readonly number[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(suffix));
  return names.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => a - b);
}

/** Snapshots get their name when they are complete, so every line counts. */
function readSnapshot(path: string): JournalEntry[] {
  const content = readFileSync(path);
  const { entries, end } = readLines(content);
  if (end < content.length) throw damaged(path, end);
  return entries;
}

/** Only the newest log may end in the middle of a write. */
function readLog(path: string, isNewest: boolean): { readonly entries: JournalEntry[]; readonly bytes: number } {
  const content = readFileSync(path);
  const { entries, end } = readLines(content);
  if (end === content.length) return { entries, bytes: end };
  if (!isNewest) throw damaged(path, end);
  const file = openSync(path, 'r+');
  ftruncateSync(file, end);
  closeSync(file);
  return { entries, bytes: end };
}

function damaged(path: string, at: number): Error {
  return statusError(
    500,
    '',
    `${path} is damaged at byte ${at}: restore the data directory, or start with an empty one`,
  );
}

const lineBreak = 10;

/** Reads up to the first line that is not whole; `end` is where that begins. */
function readLines(content: Buffer): { readonly entries: JournalEntry[]; readonly end: number } {
  const entries: JournalEntry[] = [];
  let start = 0;
  for (;;) {
    const end = content.indexOf(lineBreak, start);
    const entry = end < 0 ? undefined : parseRecord(content.toString('utf8', start, end));
    if (entry === undefined) return { entries, end: start };
    entries.push(entry);
    start = end + 1;
  }
}
