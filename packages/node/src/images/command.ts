import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program to its end and gives its standard output. Rejects with its standard error in the message. */
export async function runCommand(file: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { stdout } = await run(file, [...args], { maxBuffer: 256 * 2 ** 20, ...(signal ? { signal } : {}) });
  return stdout;
}
