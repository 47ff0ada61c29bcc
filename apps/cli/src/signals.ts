import { CliError } from './cli-error.ts';
import type { PublishedCluster } from './cluster-process.ts';

/** Waits for Ctrl-C, a signal or `reeve down`, then stops the cluster in order. */
export async function untilStopped(cluster: PublishedCluster): Promise<void> {
  const died = await Promise.race([signalled(), cluster.stopAsked, cluster.nodesExited.then(() => 'nodes')]);
  if (died !== 'nodes') console.log('Stopping …');
  await cluster.stop();
  if (died === 'nodes')
    throw new CliError('The node agents have ended, so the cluster was stopped. Its log tells more.');
}

/** Resolves at the first of the signals that ask a program to end; Ctrl-C may send it twice, by the terminal and by npm. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
