import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusError } from '../status-error.ts';

/** Takes a directory for this process; throws if a living one has it. The returned function gives it back. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const [pid, started] = readLock(path);
  if (pid !== undefined && pid !== process.pid && isAlive(pid, started)) {
    throw statusError(500, '', `the data directory ${directory} is in use by process ${pid}: stop that one first`);
  }
  writeFileSync(path, `${process.pid} ${startOf(process.pid) ?? ''}`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

function readLock(path: string): readonly [number | undefined, string | undefined] {
  try {
    const [pid, started] = readFileSync(path, 'utf8').split(' ');
    return Number(pid) > 0 ? [Number(pid), started] : [undefined, undefined];
  } catch {
    return [undefined, undefined];
  }
}

/** A number alone may belong to another process by now, or to one that is dead but not yet waited for. */
function isAlive(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startOf(pid);
  return start === undefined || !started || start === started;
}

/** When a process began, on Linux (proc(5), fields 3 and 22 of `stat`); 'dead' for one that has ended. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may hold spaces and parentheses.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'dead' : fields[18];
  } catch {
    return undefined;
  }
}
