import { access } from 'node:fs/promises';
import { ClusterDirectory } from '@reeve/cluster';
import { CliError } from '../cli-error.ts';

/** `reeve kubeconfig`: prints the path of the cluster's kubeconfig. */
export async function kubeconfig({ name }: { readonly name: string }): Promise<void> {
  console.log(await kubeConfigPath(name));
}

export async function kubeConfigPath(name: string): Promise<string> {
  const directory = new ClusterDirectory(name, process.env);
  if (!(await directory.running()))
    throw new CliError(`Cluster "${name}" is not running. Start it with "npm start" or "reeve up".`);
  await access(directory.kubeConfig);
  return directory.kubeConfig;
}
