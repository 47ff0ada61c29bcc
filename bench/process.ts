import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url));

/** A running reeve command, its printed lines and the seconds from its start to each. */
export class Command implements AsyncDisposable {
  readonly lines: { readonly text: string; readonly seconds: number }[] = [];
  readonly #child: ChildProcess;
  readonly #start = performance.now();
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    // As apps/cli/bin/reeve.mjs starts it, without that second process in the measurement.
    this.#child = spawn(process.execPath, ['--max-semi-space-size=4', '--conditions=@reeve/source', main, ...args], {
      env: { ...process.env, MALLOC_ARENA_MAX: '2', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (text) => this.#add(text));
    }
    this.#child.once('exit', () => {
      this.#ended = true;
      for (const wake of this.#waiting) wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Seconds from the start until a line matched. */
  async until(pattern: RegExp): Promise<number> {
    for (;;) {
      const found = this.lines.find(({ text }) => pattern.test(text));
      if (found) return found.seconds;
      if (this.#ended)
        throw new RangeError(`the command ended without ${String(pattern)}: ${this.lines.at(-1)?.text ?? ''}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
      this.#waiting.clear();
    }
  }

  #add(text: string): void {
    this.lines.push({ text, seconds: (performance.now() - this.#start) / 1000 });
    for (const wake of this.#waiting) wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGINT');
    await once(this.#child, 'exit');
  }
}

/**
 * Memory of a process and its descendants, in MB: what each has of its own, and once the pages of files, which are
 * chiefly Node's own program and shared by all. `only` keeps those whose command line matches.
 */
export function memoryOf(pid: number, only: RegExp = /./): number {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${entry}/stat`);
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isInside = (at: number): boolean => at === pid || (at > 1 && isInside(parents.get(at) ?? 0));
  const statuses = [...parents.keys()]
    .filter((each) => isInside(each) && only.test(read(`/proc/${each}/cmdline`)))
    .map((each) => read(`/proc/${each}/status`));
  const megabytes = (status: string, field: string): number =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  const own = statuses.map((status) => megabytes(status, 'RssAnon') + megabytes(status, 'RssShmem'));
  const files = statuses.map((status) => megabytes(status, 'RssFile'));
  return own.reduce((a, b) => a + b, 0) + Math.max(0, ...files);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
