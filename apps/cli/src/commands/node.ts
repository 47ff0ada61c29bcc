import { askControl, ClusterDirectory } from '@reeve/cluster';
import { CliError } from '../cli-error.ts';

/** `reeve node stop|start NAME`: cuts a virtual node's power, or boots it again. */
export async function node(
  verb: 'start' | 'stop',
  nodeName: string,
  { name }: { readonly name: string },
): Promise<void> {
  const directory = new ClusterDirectory(name, process.env);
  if (!(await directory.running())) throw new CliError(`Cluster "${name}" is not running.`);
  await askControl(directory.socket('control'), `/nodes/${encodeURIComponent(nodeName)}/${verb}`);
  console.log(verb === 'stop' ? `${nodeName} is off: everything on it has died.` : `${nodeName} is on again.`);
}
