import { mkdirSync } from 'node:fs';

import { Node, Pod, Service } from '@reeve/api/core/v1';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import { createClient, httpTransport, systemClock, systemRandom } from '@reeve/kube';
import type { Client } from '@reeve/kube';

import { ObjectCache } from '../cache/object-cache.ts';
import { ObjectStore } from '../cache/object-store.ts';
import type { MountedListener } from '../cache/object-store.ts';
import { makeDevices } from '../container/devices.ts';
import { readHostTree } from '../container/host-tree.ts';
import { startDnsServer } from '../dns/dns-server.ts';
import type { NodeLogLine } from '../host/node-host-options.ts';
import type { AgentConfig } from '../link/agent-config.ts';
import type { JsonRpc } from '../link/json-rpc.ts';
import { AddressPool } from '../network/address-pool.ts';
import { startApiGate } from '../network/api-gate.ts';
import { setUpBridge } from '../network/bridge.ts';
import { addressAt, nodeRange, parseCIDR } from '../network/ipv4.ts';
import { serviceDirectory } from '../network/service-directory.ts';
import { startServiceProxy } from '../network/start-service-proxy.ts';
import { NodeError } from '../node-error.ts';
import { EventRecorder } from '../node/event-recorder.ts';
import type { AgentContext } from '../node/node-context.ts';
import { VirtualNode } from '../node/virtual-node.ts';
import { AccountTokens } from '../volume/account-tokens.ts';
import { startAgentServer } from './agent-server.ts';
import { mountsObject } from './mounted-object.ts';
import { remoteImages } from './remote-images.ts';

const runDir = '/run/reeve';
const shutDownMs = 3000;

type Log = (level: NodeLogLine['level'], message: string) => void;

/** Everything inside the sandbox: the network, the names, and the virtual nodes with their pods. */
export class Agent {
  readonly #nodes: ReadonlyMap<string, VirtualNode>;

  private constructor(nodes: ReadonlyMap<string, VirtualNode>) {
    this.#nodes = nodes;
  }

  static async start(config: AgentConfig, rpc: JsonRpc): Promise<Agent> {
    const log: Log = (level, message) => rpc.notify('log', { level, message });
    const podRange = parseCIDR(config.podCIDR);
    const serviceRange = parseCIDR(config.serviceCIDR);
    const dnsAddress = addressAt(serviceRange, 10);
    const client = connectAPI(config);
    const warn = (message: string): void => log('warn', message);
    const pods = new ObjectCache(client, Pod, warn);
    const services = new ObjectCache(client, Service, warn);
    const slices = new ObjectCache(client, EndpointSlice, warn);
    const registered = new ObjectCache(client, Node, warn);
    const assigned = new Map<string, Pod>();
    const directory = serviceDirectory(services, slices, assigned);
    const [, devices] = await Promise.all([
      setUpBridge(podRange, config.serviceCIDR, config.nodes.length),
      makeDevices(runDir),
    ]);
    const apiAddress = addressAt(serviceRange, 1);
    startServiceProxy(directory, { reserved: [apiAddress, dnsAddress], onError: warn });
    for (const cache of [pods, services, slices, registered]) cache.start();
    await Promise.all([
      startApiGate(apiAddress, config.apiSocket),
      startDnsServer(dnsAddress, directory, config.clusterDomain),
      pods.synced,
      services.synced,
    ]);
    const nodes = new Map<string, VirtualNode>();
    const refresh: MountedListener = (kind, namespace, name) => refreshMounts(nodes.values(), kind, namespace, name);
    const objects = new ObjectStore(client, refresh, warn);
    let networks = 0;
    const context: AgentContext = {
      clock: systemClock,
      client,
      images: remoteImages(rpc),
      objects,
      tokens: new AccountTokens(client),
      directory,
      assigned,
      clusterDomain: config.clusterDomain,
      dnsAddress,
      podRange,
      dataDir: config.dataDir,
      userNamespace: config.userNamespace,
      runDir,
      host: readHostTree(runDir),
      devices,
      nextNetworkName: () => `pod${++networks}`,
    };
    for (const [index, options] of config.nodes.entries()) {
      nodes.set(options.name, makeNode({ context, pods, registered, config, log }, index));
    }
    await startAgentServer(config.agentSocket, (name) => nodes.get(name), context);
    await Promise.all([...nodes.values()].map((node) => node.start()));
    return new Agent(nodes);
  }

  async stopNode(name: string): Promise<null> {
    await this.#node(name).cutPower();
    return null;
  }

  async startNode(name: string): Promise<null> {
    await this.#node(name).start();
    return null;
  }

  /** Asks every program to end, kills what is left, and returns. */
  async shutDown(): Promise<null> {
    const killAt = systemClock.now() + shutDownMs;
    await Promise.all([...this.#nodes.values()].map((node) => node.shutDown(killAt)));
    return null;
  }

  #node(name: string): VirtualNode {
    const node = this.#nodes.get(name);
    if (node === undefined) {
      throw new NodeError('NotFound', `there is no node ${name}; there are ${[...this.#nodes.keys()].join(', ')}`);
    }
    return node;
  }
}

function connectAPI({ apiSocket, apiServerName, credentials }: AgentConfig): Client {
  const transport = httpTransport({
    server: 'https://localhost',
    socketPath: apiSocket,
    serverName: apiServerName,
    ca: credentials.ca,
    token: credentials.token,
  });
  return createClient(transport, { clock: systemClock, random: systemRandom, userAgent: 'reeve-node' });
}

/** What every node of the agent is made with. */
interface NodeParts {
  readonly context: AgentContext;
  readonly pods: ObjectCache<Pod>;
  readonly registered: ObjectCache<Node>;
  readonly config: AgentConfig;
  readonly log: Log;
}

function makeNode({ context, pods, registered, config, log }: NodeParts, index: number): VirtualNode {
  const options = config.nodes[index] ?? { name: '', cpu: '0', memory: '0' };
  const range = nodeRange(context.podRange, index);
  const address = addressAt(range, 1);
  const { client } = context;
  mkdirSync(`${config.dataDir}/nodes/${options.name}`, { recursive: true });
  const node = {
    ...context,
    nodeName: options.name,
    nodeIP: address,
    capacity: { cpu: options.cpu, memory: options.memory },
    addresses: new AddressPool(range),
    events: new EventRecorder(client, options.name),
  };
  return new VirtualNode(node, pods, {
    client,
    options,
    address,
    podCIDR: `${addressAt(range, 0)}/${range.prefix}`,
    limitsMessage: 'CPU and memory limits are not enforced: pods are processes of the user who runs the cluster',
    onError: (message) => log('warn', message),
    current: () => registered.get('', options.name),
  });
}

function refreshMounts(
  nodes: Iterable<VirtualNode>,
  kind: 'ConfigMap' | 'Secret',
  namespace: string,
  name: string,
): void {
  for (const node of nodes) {
    for (const worker of node.workers()) {
      if (worker.pod.metadata.namespace === namespace && mountsObject(worker.pod, kind, name)) worker.refreshVolumes();
    }
  }
}
