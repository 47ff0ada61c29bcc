import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@reeve/api';
import type { Connection } from '../connection.ts';
import { KubeError } from '../kube-error.ts';
import { systemClock } from '../system-clock.ts';
import { fileCredentials } from './file-credentials.ts';

export interface InClusterOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the service account volume is mounted. */
  readonly directory?: string;
  readonly clock?: Clock;
}

const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** True in a pod with a service account. */
export function isInCluster(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST']) && Boolean(env['KUBERNETES_SERVICE_PORT']);
}

/** The connection of a pod's service account; its token is read again as the kubelet renews it. */
export async function inClusterConfig(options: InClusterOptions = {}): Promise<Connection> {
  const { env = process.env, directory = serviceAccountDirectory, clock = systemClock } = options;
  if (!isInCluster(env)) {
    throw new KubeError(
      'ConfigInvalid',
      'not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set',
    );
  }
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const read = async (file: string): Promise<string> => {
    try {
      return await readFile(join(directory, file), 'utf8');
    } catch (cause) {
      throw new KubeError('ConfigInvalid', `the pod's service account volume has no ${join(directory, file)}`, {
        cause,
      });
    }
  };
  const token = join(directory, 'token');
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? ''}`,
    ca: await read('ca.crt'),
    namespace: (await read('namespace')).trim(),
    credentials: fileCredentials({ token }, "the pod's service account", clock),
  };
}
