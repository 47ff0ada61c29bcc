import { spawn } from 'node:child_process';

import { NodeError } from './node-error.ts';

/** Runs a program to its end; `input` is its stdin. Throws `CommandFailed` with what it printed on stderr. */
export function runCommand(file: string, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', (cause) => reject(failed(file, cause.message, cause)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(failed(file, stderr.trim() || `exit status ${String(code ?? signal)}`));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function failed(file: string, why: string, cause?: Error): NodeError {
  return new NodeError('CommandFailed', `${file}: ${why}`, { cause });
}
