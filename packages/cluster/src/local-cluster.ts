import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, NodeConnector, Random } from '@reeve/api';
import { StorageClass } from '@reeve/api/storage/v1';
import { createApiServer, listen, loadCertificates } from '@reeve/apiserver';
import type { ApiServer, Certificates, Front, StaticToken } from '@reeve/apiserver';
import { builtInControllers } from '@reeve/controllers';
import { createClient, inProcessTransport } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import { createManager } from '@reeve/operator';
import type { Log, Manager } from '@reeve/operator';
import { checkSandbox, createImageStore, startNodeHost } from '@reeve/node';
import type { ImageStoreOptions, NodeHost } from '@reeve/node';
import { ClusterError } from './cluster-error.ts';
import { defaultStorageClasses } from './default-objects.ts';
import { volumeDirectories } from './volume-directories.ts';

export interface LocalClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Holds the objects, keys and volumes of the cluster; made if it is missing. */
  readonly dataDir: string;
  /** A path of at most 100 bytes for the API's unix socket. */
  readonly apiSocket: string;
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Number of virtual nodes; default 3. */
  readonly nodes?: number;
  readonly images: ImageStoreOptions;
  /** How long a node may be silent before it counts as lost; default 8 s: nodes here are a process away. */
  readonly nodeGracePeriodMs?: number;
  readonly log: Log;
}

/** A running cluster: API server, controllers and nodes. */
export interface LocalCluster {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly ca: string;
  /** The bearer token of a cluster administrator. */
  readonly adminToken: string;
  /** Acts as that administrator, inside this process. */
  readonly client: Client;
  readonly nodeNames: readonly string[];
  stopNode(name: string): Promise<void>;
  startNode(name: string): Promise<void>;
  /** Ends pods, controllers and server in this order. */
  stop(): Promise<void>;
  /** Resolves if the node agents end by themselves. */
  readonly nodesExited: Promise<void>;
}

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

/** Starts a cluster; whatever was started is stopped again when a later part fails. */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const missing = checkSandbox();
  if (missing !== undefined) throw new ClusterError('NO_SANDBOX', missing);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    return await startParts(options, undo);
  } catch (error) {
    for (const stop of undo.toReversed()) await stop().catch(() => undefined);
    throw error;
  }
}

async function startParts(options: LocalClusterOptions, undo: (() => Promise<unknown>)[]): Promise<LocalCluster> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const certificates = await loadCertificates(options.clock, SERVER_NAMES, join(options.dataDir, 'pki'));
  const tokens = await loadTokens(join(options.dataDir, 'pki', 'tokens.json'));
  const nodes = lateConnector();
  const api = await createApiServer({
    clock: options.clock,
    random: options.random,
    dataDir: join(options.dataDir, 'api'),
    tokens: [...staticTokens(tokens)],
    admission: { serviceAccount: true },
    authorization: 'RBAC',
    nodeConnector: nodes.connector,
    log: (message) => options.log.warn(message),
  });
  undo.push(() => api.stop());
  const fronts = await openFronts(api, certificates, options);
  undo.push(() => Promise.all(fronts.map((front) => front.close())));
  const client = createClient(inProcessTransport(api.as(CONTROLLER_USER)), {
    ...options,
    userAgent: 'reeve-cluster',
  });
  await applyDefaults(client);
  const manager = startControllers(client, certificates.ca, options);
  undo.push(() => manager.stop());
  const nodeNames = Array.from({ length: options.nodes ?? 3 }, (_, index) => `node-${index + 1}`);
  const host = await startNodes(nodeNames, certificates.ca, tokens.node, options);
  undo.push(() => host.stop());
  nodes.connect(host.connector);
  return {
    server: fronts[0].address,
    ca: certificates.ca,
    adminToken: tokens.admin,
    client,
    nodeNames,
    stopNode: (name) => host.stopNode(known(name, nodeNames)),
    startNode: (name) => host.startNode(known(name, nodeNames)),
    nodesExited: host.exited,
    async stop() {
      for (const stop of undo.splice(0).toReversed()) await stop();
    },
  };
}

function known(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  throw new ClusterError('CONTROL_FAILED', `There is no node "${name}"; there are ${names.join(', ')}.`);
}

/** The API server needs the connector before the nodes, which need the API server, are there. */
function lateConnector(): { readonly connector: NodeConnector; connect(to: NodeConnector): void } {
  let target: NodeConnector | undefined;
  const nodes = (): NodeConnector => {
    if (target) return target;
    throw new ClusterError('START_FAILED', 'The nodes are still starting.');
  };
  return {
    connector: {
      logs: (...args) => nodes().logs(...args),
      exec: (...args) => nodes().exec(...args),
      attach: (...args) => nodes().attach(...args),
      portForward: (...args) => nodes().portForward(...args),
    },
    connect(to) {
      target = to;
    },
  };
}

async function openFronts(
  api: ApiServer,
  certificates: Certificates,
  options: LocalClusterOptions,
): Promise<readonly [Front, Front]> {
  const { cert, key, ca: clientCA } = certificates;
  await rm(options.apiSocket, { force: true });
  const port = options.port ?? 0;
  const tcp = await listen(api, { host: '127.0.0.1', port, cert, key, clientCA }).catch((cause: unknown) => {
    throw new ClusterError(
      'PORT_BUSY',
      `Port ${port} of 127.0.0.1 cannot be used: ${(cause as Error).message}. Choose another or leave it out.`,
      { cause },
    );
  });
  const socket = await listen(api, { socketPath: options.apiSocket, cert, key, clientCA });
  return [tcp, socket];
}

async function applyDefaults(client: Client): Promise<void> {
  for (const storageClass of defaultStorageClasses()) {
    await client.of(StorageClass).apply(storageClass, { fieldManager: 'reeve-cluster', force: true });
  }
}

function startControllers(client: Client, ca: string, options: LocalClusterOptions): Manager {
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

function startNodes(
  names: readonly string[],
  ca: string,
  token: string,
  options: LocalClusterOptions,
): Promise<NodeHost> {
  return startNodeHost({
    dataDir: options.dataDir,
    apiSocket: options.apiSocket,
    credentials: { token, ca },
    nodes: names.map((name) => ({ name, cpu: '4', memory: '8Gi' })),
    images: createImageStore(options.images),
    clock: options.clock,
    log: ({ level, message, fields }) => options.log[level](message, fields),
  });
}

interface Tokens {
  readonly admin: string;
  readonly node: string;
}

/** The cluster's own secrets, made at its first start. */
async function loadTokens(file: string): Promise<Tokens> {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as Tokens;
  const made = { admin: randomBytes(24).toString('hex'), node: randomBytes(24).toString('hex') };
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function staticTokens({ admin, node }: Tokens): readonly StaticToken[] {
  return [
    { token: admin, user: 'admin', uid: 'admin', groups: ['system:masters'] },
    { token: node, user: 'system:node:local', uid: 'node', groups: ['system:nodes'] },
  ];
}
