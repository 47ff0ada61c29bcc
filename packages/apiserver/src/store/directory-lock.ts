import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusError } from '../status-error.ts';

/** Takes a directory for this process; throws if a living one has it. The returned function gives it back. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const holder = holderOf(path);
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
    throw statusError(500, '', `the data directory ${directory} is in use by process ${holder}: stop that one first`);
  }
  writeFileSync(path, String(process.pid), { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
