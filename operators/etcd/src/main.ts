import { createClient, httpTransport, inClusterConfig, isInCluster, loadKubeConfig } from '@reeve/kube';
import { jsonLog } from '@reeve/operator';
import { systemClock } from '@reeve/kube';
import { etcdManager } from './manager.ts';
import { readSettings } from './settings.ts';

/** The operator's program: runs until it is told to end, or loses its lease. */
async function main(): Promise<void> {
  const settings = await readSettings(process.argv.slice(2), process.env);
  const connection = isInCluster() ? await inClusterConfig() : await loadKubeConfig();
  const client = createClient(httpTransport(connection), { userAgent: 'reeve-etcd-operator/0.1.0' });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  await etcdManager(client, settings).start(stop.signal);
  await client.close();
}

main().catch((error: unknown) => {
  jsonLog({ clock: systemClock }).error('the operator has ended', { error });
  process.exitCode = 1;
});
