import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterRole, ClusterRoleBinding } from '@reeve/api/rbac/v1';
import { StorageClass } from '@reeve/api/storage/v1';
import { createApiServer, listen, loadCertificates } from '@reeve/apiserver';
import type { ApiServer, Certificates, Front, StaticToken } from '@reeve/apiserver';
import { builtInControllers } from '@reeve/controllers';
import { createClient, inProcessTransport, isAlreadyExists } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { createManager } from '@reeve/operator';
import type { Manager } from '@reeve/operator';
import { ClusterError } from './cluster-error.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane-options.ts';
import { defaultStorageClasses, NODES_GROUP, nodeRole, nodeRoleBinding } from './default-objects.ts';
import { volumeDirectories } from './volume-directories.ts';

const CONTROLLER_USER = { name: 'system:kube-controller-manager', groups: ['system:masters', 'system:authenticated'] };
const SERVER_NAMES = [
  '127.0.0.1',
  '10.96.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** Starts the parts in order; each pushes what ends it to `undo`. */
export async function startParts(
  options: ControlPlaneOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<ControlPlane, 'stop'>> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const certificates = await loadCertificates(options.clock, SERVER_NAMES, join(options.dataDir, 'pki'));
  const secrets = await loadSecrets(join(options.dataDir, 'pki', 'tokens.json'));
  const api = await createApiServer({
    clock: options.clock,
    random: options.random,
    dataDir: join(options.dataDir, 'api'),
    tokens: [...clusterTokens(secrets), ...(options.tokens ?? [])],
    admission: { serviceAccount: options.serviceAccounts ?? true },
    authorization: 'RBAC',
    ...(options.nodeConnector ? { nodeConnector: options.nodeConnector } : {}),
    log: (message) => options.log.warn(message),
  });
  undo.push(() => api.stop());
  const fronts = await openFronts(api, certificates, options);
  undo.push(() => Promise.all(fronts.map((front) => front.close())));
  const transport = inProcessTransport(api.as(CONTROLLER_USER));
  const client = createClient(transport, { clock: options.clock, random: options.random, userAgent: 'reeve-cluster' });
  await createDefaults(client);
  const manager = startControllers(client, certificates.ca, options);
  undo.push(() => manager.stop());
  return { server: fronts[0].address, ca: certificates.ca, adminToken: secrets.admin, nodeToken: secrets.node, client };
}

async function openFronts(
  api: ApiServer,
  certificates: Certificates,
  options: ControlPlaneOptions,
): Promise<readonly [Front, Front]> {
  const { cert, key, ca: clientCA } = certificates;
  await rm(options.apiSocket, { force: true });
  const port = options.port ?? 0;
  const tcp = await listen(api, { host: '127.0.0.1', port, cert, key, clientCA }).catch((cause: unknown) => {
    const why = (cause as Error).message;
    throw new ClusterError(
      'PORT_BUSY',
      `Port ${port} of 127.0.0.1 cannot be used (${why}). Choose another or leave --port out.`,
      { cause },
    );
  });
  const socket = await listen(api, { socketPath: options.apiSocket, cert, key, clientCA });
  return [tcp, socket];
}

/** Made once: what a person changes or deletes later stays so until the data is purged. */
async function createDefaults(client: Client): Promise<void> {
  const unlessThere = (creation: Promise<unknown>): Promise<unknown> =>
    creation.catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  await Promise.all([
    ...defaultStorageClasses().map((storageClass) => unlessThere(client.of(StorageClass).create(storageClass))),
    unlessThere(client.of(ClusterRole).create(nodeRole())),
    unlessThere(client.of(ClusterRoleBinding).create(nodeRoleBinding())),
  ]);
}

function startControllers(client: Client, ca: string, options: ControlPlaneOptions): Manager {
  const manager = createManager({ client, name: 'reeve-controllers', log: options.log });
  const { controllers, runnables } = builtInControllers({
    client,
    ca,
    directories: volumeDirectories(join(options.dataDir, 'volumes')),
    nodeGracePeriodMs: options.nodeGracePeriodMs ?? 8000,
  });
  for (const controller of controllers) manager.add(controller);
  for (const runnable of runnables) manager.addRunnable(runnable);
  manager
    .start()
    .catch((error: unknown) => options.log.error('the controllers have stopped', { error: String(error) }));
  return manager;
}

interface Secrets {
  readonly admin: string;
  readonly node: string;
}

/** The cluster's own bearer tokens, made at its first start. */
async function loadSecrets(file: string): Promise<Secrets> {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as Secrets;
  const made = { admin: randomBytes(24).toString('hex'), node: randomBytes(24).toString('hex') };
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function clusterTokens({ admin, node }: Secrets): readonly StaticToken[] {
  return [
    { token: admin, user: 'admin', uid: 'admin', groups: ['system:masters'] },
    { token: node, user: 'system:node:local', uid: 'node', groups: [NODES_GROUP] },
  ];
}
