import { access } from 'node:fs/promises';
import { ClusterDirectory } from '@reeve/cluster';
import { CliError } from '../cli-error.ts';
import { DEFAULT_NAME } from '../default-name.ts';

/** `reeve kubeconfig`: prints the path of the cluster's kubeconfig. */
export async function kubeconfig({ name }: { readonly name: string }): Promise<void> {
  console.log(await kubeConfigPath(name));
}

function startOf(name: string): string {
  return name === DEFAULT_NAME ? '"npm start" or "reeve up"' : `"reeve up --name ${name}"`;
}

/** Fails with the way to start the cluster when it is not running. */
export async function kubeConfigPath(name: string): Promise<string> {
  const directory = new ClusterDirectory(name, process.env);
  if (!(await directory.running()))
    throw new CliError(
      `Cluster "${name}" is not running. ${startOf(name)} starts it; "reeve status" lists the clusters.`,
    );
  await access(directory.kubeConfig);
  return directory.kubeConfig;
}
