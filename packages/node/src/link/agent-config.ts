import type { APICredentials, ClusterNetwork, VirtualNodeOptions } from '../host/node-host-options.ts';

/** What the cluster process tells the agent before anything else, with the credentials. */
export interface AgentConfig extends ClusterNetwork {
  readonly dataDir: string;
  readonly apiSocket: string;
  readonly apiServerName: string;
  readonly agentSocket: string;
  readonly credentials: APICredentials;
  readonly nodes: readonly VirtualNodeOptions[];
  /** Whether the sandbox has a user namespace, so that its root is an ordinary user outside. */
  readonly userNamespace: boolean;
}
