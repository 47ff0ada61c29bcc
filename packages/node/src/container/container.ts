import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { messageOf } from '../node-error.ts';
import { launchScript, readScript, scriptWith } from './launch-script.ts';
import { formatFstab } from './mount.ts';
import type { Mount } from './mount.ts';
import { quoteShell } from './shell.ts';
import { becomeUser } from './user.ts';
import type { ContainerUser } from './user.ts';

/** Everything that one run of a container needs, resolved. */
export interface ContainerPlan {
  readonly id: string;
  /** The pod's network namespace. */
  readonly networkPath: string;
  readonly hostname: string;
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly user: ContainerUser;
  readonly readOnlyRoot: boolean;
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** How a run of a container ended. */
export interface ContainerExit {
  /** 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly signal?: number;
  /** Set when the program never ran. */
  readonly startError?: string;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const ownNamespaces = ['unshare', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];

/** One run of a container: a process in namespaces of its own, whose end ends everything that it started. */
export class Container {
  readonly plan: ContainerPlan;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly stdin: Writable | undefined;
  /** Whether the program came to run; when it did not, `exited` says why. */
  readonly started: Promise<boolean>;
  readonly exited: Promise<ContainerExit>;
  readonly #child: ChildProcess;
  #pid: number | undefined;
  #startError: string | undefined;

  private constructor(plan: ContainerPlan, child: ChildProcess, runDir: string) {
    this.plan = plan;
    this.#child = child;
    const [stdin, stdout, stderr, progress] = child.stdio;
    this.stdin = stdin ?? undefined;
    // It may end before it has read everything.
    stdin?.on('error', () => undefined);
    this.stdout = stdout as Readable;
    this.stderr = stderr as Readable;
    this.started = this.#followProgress(progress as Readable);
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => (this.#startError = messageOf(error)));
      child.once('close', (code, signal) => {
        rmSync(runDir, { recursive: true, force: true });
        resolve(this.#exit(code, signal));
      });
    });
  }

  /** Begins the run and returns at once. The plan's root and mount points must be there. */
  static launch(plan: ContainerPlan, runRoot: string): Container {
    const runDir = join(runRoot, plan.id);
    mkdirSync(runDir, { recursive: true });
    writeFileSync(join(runDir, 'fstab'), formatFstab(plan.root, plan.mounts));
    const child = spawn('nsenter', [`--net=${plan.networkPath}`, ...ownNamespaces, 'sh', '-c', readScript], {
      stdio: [plan.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    sendScript(child, scriptWith(launchScript, launchArguments(plan, runDir)));
    return new Container(plan, child, runDir);
  }

  /** The program's process as this agent sees it; undefined before it is there and after its end. */
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#pid : undefined;
  }

  /** Sends the program a signal. SIGKILL ends every process of the container. */
  signal(name: NodeJS.Signals): void {
    if (this.pid === undefined) {
      if (name === 'SIGKILL') this.#child.kill('SIGKILL');
      return;
    }
    try {
      process.kill(this.pid, name);
    } catch {
      // It ended a moment ago.
    }
  }

  #followProgress(progress: Readable): Promise<boolean> {
    return new Promise((resolve) => {
      const lines = createInterface({ input: progress });
      lines.on('line', (line) => {
        if (line.startsWith('pid ')) this.#pid = Number(line.slice(4));
        else if (line.startsWith('error ')) this.#startError = line.slice(6);
        else if (line === 'started') resolve(true);
        else if (this.#startError !== undefined) this.#startError += `\n${line}`;
      });
      lines.on('close', () => resolve(false));
    });
  }

  #exit(code: number | null, signal: NodeJS.Signals | null): ContainerExit {
    if (this.#startError !== undefined) return { exitCode: 128, startError: this.#startError };
    if (signal === null) return { exitCode: code ?? 0 };
    const number = constants.signals[signal];
    return { exitCode: 128 + number, signal: number };
  }
}

/** Writes what a shell that was started with `readScript` waits for. */
export function sendScript(child: ChildProcess, text: string): void {
  const script = child.stdio[4] as Writable;
  // A process that could not start has said so already.
  script.on('error', () => undefined);
  script.end(text);
}

function launchArguments(plan: ContainerPlan, runDir: string): readonly string[] {
  const program = plan.command[0] ?? '';
  return [
    runDir,
    plan.root,
    plan.hostname,
    plan.readOnlyRoot ? 'yes' : 'no',
    plan.workingDir,
    plan.env['PATH'] ?? defaultPath,
    program,
    ...commandLine(plan, plan.command, { tty: plan.tty }),
  ];
}

/** The command line that runs `command` as the container's user with exactly its environment. */
export function commandLine(
  { user, env }: Pick<ContainerPlan, 'user' | 'env'>,
  command: readonly string[],
  { tty, dieWithParent = false }: { readonly tty: boolean; readonly dieWithParent?: boolean },
): readonly string[] {
  const home = user.uid === 0 ? '/root' : '/';
  const variables = Object.entries({ PATH: defaultPath, HOME: home, ...(tty ? { TERM: 'xterm' } : {}), ...env });
  const clean = ['/usr/bin/env', '-i', ...variables.map(([name, value]) => `${name}=${value}`)];
  const terminal = tty ? ['/usr/bin/script', '-qfec', command.map(quoteShell).join(' '), '/dev/null'] : command;
  return [...becomeUser(user, dieWithParent), ...clean, ...terminal];
}
