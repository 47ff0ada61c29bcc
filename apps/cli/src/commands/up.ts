import { spawn } from 'node:child_process';
import { openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClusterDirectory } from '@reeve/cluster';
import { CliError } from '../cli-error.ts';
import { startPublishedCluster } from '../cluster-process.ts';
import type { ClusterFlags } from '../cluster-process.ts';
import { DEFAULT_NAME } from '../default-name.ts';
import { clock } from '../environment.ts';
import { untilStopped } from '../signals.ts';
import { stopwatch } from '../stopwatch.ts';

const START_MS_MAX = 120_000;
const OUTPUT_BYTES_MAX = 65_536;

/** `reeve up`: runs a cluster until Ctrl-C, or leaves it running with --detach. */
export async function up(flags: ClusterFlags & { readonly detach?: boolean }): Promise<void> {
  const elapsed = stopwatch(clock);
  if (flags.detach) {
    await detach(flags);
    console.log(`Cluster "${flags.name}" is running (${elapsed()}).`);
    tellNext(flags.name);
    return;
  }
  console.log(`Starting cluster "${flags.name}" …`);
  const cluster = await startPublishedCluster(flags);
  console.log(`Cluster "${flags.name}" is ready at ${cluster.server} (${elapsed()}).`);
  tellNext(flags.name);
  console.log('Ctrl-C stops it.');
  await untilStopped(cluster);
  console.log(`Cluster "${flags.name}" has stopped; its data is kept. "reeve down --purge" deletes it.`);
}

function tellNext(name: string): void {
  const flag = name === DEFAULT_NAME ? '' : ` --name ${name}`;
  console.log(`  export KUBECONFIG=$(npx reeve kubeconfig${flag})`);
  console.log('  kubectl get nodes          # or: npx reeve kubectl get nodes');
}

/** Starts this same command in the background and waits until it has published its cluster. */
async function detach(flags: ClusterFlags): Promise<void> {
  const directory = new ClusterDirectory(flags.name, process.env);
  if (await directory.running())
    throw new CliError(`Cluster "${flags.name}" is already running. "reeve down --name ${flags.name}" stops it.`);
  await directory.create();
  await directory.retract();
  const output = openSync(`${directory.path}/output.log`, 'w+', 0o600);
  const args = [
    'up',
    '--name',
    flags.name,
    '--nodes',
    String(flags.nodes),
    ...(flags.data ? ['--data', flags.data] : []),
    ...(flags.port ? ['--port', String(flags.port)] : []),
  ];
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  let exitCode: number | null | undefined;
  child.on('exit', (code) => (exitCode = code));
  child.unref();
  const deadline = clock.now() + START_MS_MAX;
  while (!(await directory.running())) {
    if (exitCode !== undefined || clock.now() > deadline) {
      throw new CliError(`The cluster did not start. ${lastLineOf(output)}`);
    }
    await new Promise<void>((resolve) => clock.schedule(50, resolve));
  }
}

/** Reads by the open file: a start that failed has deleted its folder. */
function lastLineOf(file: number): string {
  const start = Buffer.alloc(OUTPUT_BYTES_MAX);
  const said = start.toString('utf8', 0, readSync(file, start, 0, start.length, 0));
  return (said.trim().split('\n').at(-1) ?? '').replace(/^reeve: /, '');
}
