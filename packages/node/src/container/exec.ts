import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import type { Clock } from '@reeve/api';

import { NodeError } from '../node-error.ts';
import { commandLine, sendScript } from './container.ts';
import type { Container } from './container.ts';
import { execScript, readScript, scriptWith } from './launch-script.ts';

const timedOut = 124;
const maxOutputBytes = 10 * 1024;

/**
 * Starts another program inside a running container, as its user and with its variables. With a terminal, fd 3 tells
 * its name in the container: `/dev/pts/0`.
 */
export function execInside(
  container: Container,
  command: readonly string[],
  { stdin, tty }: { readonly stdin: boolean; readonly tty: boolean },
): ChildProcess {
  const { pid, plan } = container;
  if (pid === undefined) throw new NodeError('NotFound', 'the container is not running');
  const program = tty ? ['/bin/sh', '-c', 'tty >&3; exec 3>&-; exec "$@"', 'reeve-tty', ...command] : command;
  const line = commandLine(plan, program, { tty, dieWithParent: true });
  const child = spawn('nsenter', [...namespacesOf(pid), 'sh', '-c', readScript], {
    stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const script = tty ? execScript : `exec 3>&-\n${execScript}`;
  sendScript(child, scriptWith(script, [plan.workingDir, ...line]));
  return child;
}

/** Arguments of `nsenter` for everything that a container has of its own. */
export function namespacesOf(pid: number): readonly string[] {
  return ['--target', String(pid), '--mount', '--net', '--pid', '--uts', '--ipc', '--'];
}

/** Runs a command to its end and collects what it prints; after the time it is killed. */
export function runInside(
  container: Container,
  command: readonly string[],
  timeoutMs: number,
  clock: Clock,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execInside(container, command, { stdin: false, tty: false });
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < maxOutputBytes) output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    let late = false;
    const cancel = clock.schedule(timeoutMs, () => {
      late = true;
      child.kill('SIGKILL');
      // What the command has started may hold the pipes open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.once('error', (error) => {
      cancel();
      resolve({ exitCode: 126, output: error.message });
    });
    child.once('close', (code) => {
      cancel();
      resolve({ exitCode: late ? timedOut : (code ?? 137), output: output.trim() });
    });
  });
}
