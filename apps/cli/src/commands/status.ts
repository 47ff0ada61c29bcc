import { Node, Pod } from '@reeve/api/core/v1';
import { ClusterDirectory, clusterNames } from '@reeve/cluster';
import { createClient, httpTransport, loadKubeConfig } from '@reeve/kube';

/** `reeve status`: one line for each cluster, with its nodes and pods. */
export async function status(): Promise<void> {
  const names = await clusterNames(process.env);
  if (names.length === 0) console.log('There are no clusters. "npm start" or "reeve up" starts one.');
  for (const name of names) console.log(await describe(name));
}

async function describe(name: string): Promise<string> {
  const directory = new ClusterDirectory(name, process.env);
  const record = await directory.running();
  if (!record) return `${name}: stopped (data in ${await directory.dataDir()})`;
  const client = createClient(httpTransport(await loadKubeConfig({ path: directory.kubeConfig })));
  try {
    const [nodes, pods] = await Promise.all([client.of(Node).list(), client.of(Pod).list()]);
    const ready = nodes.items.filter((node) =>
      node.status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    );
    return `${name}: running at ${record.server} (process ${record.pid}), ${ready.length} of ${nodes.items.length} nodes ready, ${pods.items.length} pods`;
  } finally {
    await client.close();
  }
}
