import type { NodeConnector } from '@reeve/api';
import type { Client } from '@reeve/kube';
import type { ImageStoreOptions, NodeHost } from '@reeve/node';
import { ClusterError } from './cluster-error.ts';
import { startControlPlane } from './control-plane.ts';
import type { ControlPlane, ControlPlaneOptions } from './control-plane-options.ts';

export interface LocalClusterOptions extends Omit<ControlPlaneOptions, 'nodeConnector' | 'tokens' | 'serviceAccounts'> {
  /** Number of virtual nodes; default 3. */
  readonly nodes?: number;
  readonly images: ImageStoreOptions;
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

/** Starts a cluster; whatever was started is stopped again when a later part fails. */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { checkSandbox } = await import('@reeve/node');
  const missing = checkSandbox();
  if (missing !== undefined) throw new ClusterError('NO_SANDBOX', missing);
  const nodes = lateConnector();
  const nodeNames = Array.from({ length: options.nodes ?? 3 }, (_, index) => `node-${index + 1}`);
  // The sandbox starts while the API server does, and waits for its credentials.
  const planeStart = startControlPlane({ ...options, nodeConnector: nodes.connector });
  const hostStart = startNodes(nodeNames, planeStart, options);
  const [plane, host] = await bothOrNeither(planeStart, hostStart);
  nodes.connect(host.connector);
  return {
    server: plane.server,
    ca: plane.ca,
    adminToken: plane.adminToken,
    client: plane.client,
    nodeNames,
    stopNode: (name) => host.stopNode(known(name, nodeNames)),
    startNode: (name) => host.startNode(known(name, nodeNames)),
    nodesExited: host.exited,
    async stop() {
      await host.stop();
      await plane.stop();
    },
  };
}

/** Waits for two starts; when one fails the other is stopped. */
async function bothOrNeither<A extends Stoppable, B extends Stoppable>(
  a: Promise<A>,
  b: Promise<B>,
): Promise<readonly [A, B]> {
  const outcomes = await Promise.allSettled([a, b]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure === undefined) return [await a, await b];
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.stop();
  throw failure.reason;
}

interface Stoppable {
  stop(): Promise<void>;
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

async function startNodes(
  names: readonly string[],
  plane: Promise<ControlPlane>,
  options: LocalClusterOptions,
): Promise<NodeHost> {
  const { createImageStore, startNodeHost } = await import('@reeve/node');
  return startNodeHost({
    dataDir: options.dataDir,
    apiSocket: options.apiSocket,
    credentials: plane.then(({ nodeToken, ca }) => ({ token: nodeToken, ca })),
    nodes: names.map((name) => ({ name, cpu: '4', memory: '8Gi' })),
    images: createImageStore(options.images),
    clock: options.clock,
    log: ({ level, message, fields }) => options.log[level](message, fields),
  });
}
