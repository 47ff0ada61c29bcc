import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reeve = join(root, 'apps/cli/bin/reeve.mjs');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the reeve command as a user would; `env` is added to this process's. */
export function runReeve(args: readonly string[], env: Record<string, string> = {}, timeoutMs = 120_000): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [reeve, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  return { code: status ?? -1, stdout, stderr };
}

/** A local cluster of one test file, driven through the command line and kubectl alone. */
export class TestCluster implements AsyncDisposable {
  readonly name = `e2e-${randomBytes(4).toString('hex')}`;
  readonly home = mkdtempSync(join(tmpdir(), 'reeve-e2e-'));
  readonly env = { REEVE_HOME: this.home };
  readonly #children = new Set<ChildProcess>();

  static start(...flags: readonly string[]): TestCluster {
    const cluster = new TestCluster();
    const { code, stdout, stderr } = cluster.reeve('up', '--detach', ...flags);
    if (code !== 0) throw new Error(`reeve up failed: ${stdout}${stderr}`);
    return cluster;
  }

  reeve(command: string, ...args: readonly string[]): Run {
    return runReeve(
      [command, ...args.slice(0, subcommands(command)), '--name', this.name, ...args.slice(subcommands(command))],
      this.env,
    );
  }

  /** kubectl's output; throws with what it printed when it fails. */
  kubectl(...args: readonly string[]): string {
    const run = this.tryKubectl(...args);
    if (run.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${run.stderr}${run.stdout}`);
    return run.stdout.trim();
  }

  tryKubectl(...args: readonly string[]): Run {
    return runReeve(['kubectl', '--name', this.name, ...args], this.env);
  }

  /** kubectl with its own time to live, such as `logs -f` or `port-forward`. */
  startKubectl(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [reeve, 'kubectl', '--name', this.name, ...args], {
      cwd: root,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    return child;
  }

  apply(manifest: string | object): string {
    return this.kubectl('apply', '-f', this.#file(manifest));
  }

  /** What the server says to an object that it should refuse. */
  refusal(manifest: string | object): string {
    const { code, stderr } = this.tryKubectl('apply', '-f', this.#file(manifest));
    if (code === 0) throw new Error('the object was accepted');
    return stderr;
  }

  json<T>(...args: readonly string[]): T {
    return JSON.parse(this.kubectl('get', ...args, '-o', 'json')) as T;
  }

  installEtcdOperator(): void {
    this.kubectl('apply', '-f', join(root, 'deploy/etcd-operator.yaml'));
    this.kubectl('wait', '--for=condition=Established', 'crd/etcdclusters.etcd.reeve.dev', '--timeout=20s');
    this.kubectl('-n', 'reeve-system', 'rollout', 'status', 'deployment', '--timeout=60s');
  }

  #file(manifest: string | object): string {
    const file = join(this.home, `${randomBytes(4).toString('hex')}.json`);
    writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    this.reeve('down', '--purge');
    await sleep(50);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** `node stop NAME` takes its flags after both words. */
const subcommands = (command: string): number => (command === 'node' ? 2 : 0);

/** Polls until `check` gives a value; its last error is the reason of the failure. */
export async function eventually<T>(what: string, check: () => T | undefined | false, timeoutMs = 60_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await sleep(200);
  }
  throw new Error(`${what} did not happen in ${timeoutMs / 1000} s`, { cause: last });
}
