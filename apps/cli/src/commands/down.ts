import { ClusterDirectory } from '@reeve/cluster';
import { stopCluster } from '../cluster-process.ts';

/** `reeve down`: stops a cluster; with --purge its data goes too. */
export async function down({ name, purge }: { readonly name: string; readonly purge?: boolean }): Promise<void> {
  const wasRunning = await stopCluster(name);
  if (purge) await new ClusterDirectory(name, process.env).purge();
  const stopped = wasRunning ? `Cluster "${name}" has stopped` : `Cluster "${name}" was not running`;
  console.log(purge ? `${stopped}; its data is deleted.` : `${stopped}.`);
}
