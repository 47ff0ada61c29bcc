import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Clock } from '@reeve/api';
import type { Connection, CredentialProvider, Impersonation } from '../connection.ts';
import { KubeError } from '../kube-error.ts';
import { systemClock } from '../system-clock.ts';
import { execCredentials } from './exec-credentials.ts';
import { fileCredentials } from './file-credentials.ts';
import { inClusterConfig, isInCluster } from './in-cluster.ts';
import { readKubeConfig } from './kube-config.ts';
import type { ClusterEntry, KubeConfig, Sourced, UserEntry } from './kube-config.ts';
import { environmentProxy } from './proxy.ts';

export interface LoadOptions {
  /** One file; default: $KUBECONFIG (several, separated as in PATH), else ~/.kube/config, else the pod's own. */
  readonly path?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: the current context. */
  readonly context?: string;
  readonly clock?: Clock;
}

function configFiles({ path, env = process.env }: LoadOptions): readonly string[] {
  if (path !== undefined) return [path];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

/** Finds how to reach the cluster, in kubectl's order of places. */
export async function loadKubeConfig(options: LoadOptions = {}): Promise<Connection> {
  const files = configFiles(options);
  const config = await readKubeConfig(files);
  if (config.files.length > 0) return connectionOf(config, options);
  const named = options.path !== undefined || (options.env ?? process.env)['KUBECONFIG'];
  if (!named && isInCluster(options.env)) return inClusterConfig(options);
  throw new KubeError(
    'ConfigInvalid',
    `there is no kubeconfig at ${files.join(' or ')}: set KUBECONFIG to where it is`,
  );
}

function pick<T>(
  map: ReadonlyMap<string, Sourced<T>>,
  kind: string,
  name: string | undefined,
  files: string,
): Sourced<T> {
  const found = name === undefined ? undefined : map.get(name);
  if (found !== undefined) return found;
  const known = [...map.keys()].join(', ') || 'none';
  throw new KubeError('ConfigInvalid', `the kubeconfig ${files} has no ${kind} ${name ?? '(empty)'}; it has: ${known}`);
}

/** What the config says about one context. */
export async function connectionOf(config: KubeConfig, options: LoadOptions = {}): Promise<Connection> {
  const files = config.files.join(', ');
  const contextName = options.context ?? config.currentContext;
  if (contextName === undefined) {
    throw new KubeError(
      'ConfigInvalid',
      `the kubeconfig ${files} has no current-context: choose one with kubectl config use-context`,
    );
  }
  const { value: context } = pick(config.contexts, 'context', contextName, files);
  const cluster = pick(config.clusters, 'cluster', context.cluster, files);
  const user = context.user ? pick(config.users, 'user', context.user, files) : undefined;
  return {
    ...(await clusterPart(cluster, options)),
    ...(user === undefined ? {} : await userPart(user, cluster.value, options)),
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
  };
}

async function clusterPart(entry: Sourced<ClusterEntry>, { env = process.env }: LoadOptions): Promise<Connection> {
  const cluster = entry.value;
  const { server } = cluster;
  if (server === undefined || !URL.canParse(server)) {
    throw new KubeError(
      'ConfigInvalid',
      `the kubeconfig ${entry.file} has a cluster without a valid server address: ${server}`,
    );
  }
  const ca = await content(entry, 'certificate-authority', cluster);
  const proxy = cluster['proxy-url'] || environmentProxy(server, env);
  return {
    server,
    ...(ca === undefined ? {} : { ca }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { insecureSkipTLSVerify: true } : {}),
    ...(cluster['tls-server-name'] ? { serverName: cluster['tls-server-name'] } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

function absolute({ directory }: Sourced<unknown>, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

/** A field given in place (`-data`, base64) or as a file. */
async function content<K extends string>(
  entry: Sourced<unknown>,
  field: K,
  values: { readonly [F in K | `${K}-data`]?: string },
): Promise<string | undefined> {
  const data = values[`${field}-data`];
  if (data) return Buffer.from(data, 'base64').toString();
  const file = values[field];
  if (!file) return undefined;
  const path = absolute(entry, file);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new KubeError(
      'ConfigInvalid',
      `the kubeconfig ${entry.file} names ${path} as ${field}, which cannot be read`,
      { cause },
    );
  }
}

function impersonation(user: UserEntry): Impersonation | undefined {
  if (!user.as) return undefined;
  return {
    user: user.as,
    ...(user['as-uid'] === undefined ? {} : { uid: user['as-uid'] }),
    ...(user['as-groups'] === undefined ? {} : { groups: user['as-groups'] }),
    ...(user['as-user-extra'] === undefined ? {} : { extra: user['as-user-extra'] }),
  };
}

function credentialFiles(entry: Sourced<UserEntry>, clock: Clock): CredentialProvider | undefined {
  const { value: user } = entry;
  const path = (field: string | undefined): string | undefined => (field ? absolute(entry, field) : undefined);
  const certInFile = !user['client-certificate-data'] && !user['client-key-data'];
  const files = {
    // A token given in place loses to a file, as in client-go.
    token: path(user.tokenFile),
    cert: certInFile ? path(user['client-certificate']) : undefined,
    key: certInFile ? path(user['client-key']) : undefined,
  };
  const any = Object.values(files).some((file) => file !== undefined);
  return any ? fileCredentials(files, `the kubeconfig ${entry.file}`, clock) : undefined;
}

/** What the program may learn about the cluster (`client.authentication.k8s.io/v1`, spec.cluster). */
function execCluster(cluster: ClusterEntry): Record<string, unknown> {
  const config = cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config,
  };
}

async function userPart(
  entry: Sourced<UserEntry>,
  cluster: ClusterEntry,
  options: LoadOptions,
): Promise<Partial<Connection>> {
  const { value: user } = entry;
  const { env = process.env, clock = systemClock } = options;
  if (user['auth-provider'] !== undefined) {
    const name = user['auth-provider'].name ?? '';
    throw new KubeError(
      'Unsupported',
      `auth-provider ${name} in ${entry.file} was removed from Kubernetes: use an exec plugin`,
    );
  }
  const cert = user['client-certificate-data'] ? await content(entry, 'client-certificate', user) : undefined;
  const key = user['client-key-data'] || cert !== undefined ? await content(entry, 'client-key', user) : undefined;
  const credentials =
    user.exec === undefined
      ? credentialFiles(entry, clock)
      : execCredentials({ config: user.exec, directory: entry.directory, env, cluster: execCluster(cluster), clock });
  const impersonate = impersonation(user);
  return {
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(user.token ? { token: user.token } : {}),
    ...(user.username ? { basic: { username: user.username, password: user.password ?? '' } } : {}),
    ...(credentials === undefined ? {} : { credentials }),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}
