import type { Clock } from '@reeve/api';
import type { Pod } from '@reeve/api/core/v1';
import type { Client } from '@reeve/kube';

import type { ObjectSource } from '../cache/object-source.ts';
import type { HostTree } from '../container/host-tree.ts';
import type { NodeCapacity } from '../env/resource-field.ts';
import type { ImageStore } from '../images/image.ts';
import type { AddressPool } from '../network/address-pool.ts';
import type { CIDR } from '../network/ipv4.ts';
import type { ServiceDirectory } from '../network/service-directory.ts';
import type { AccountTokens } from '../volume/account-tokens.ts';
import type { EventRecorder } from './event-recorder.ts';

/** What all nodes of the agent share. */
export interface AgentContext {
  readonly clock: Clock;
  readonly client: Client;
  readonly images: ImageStore;
  readonly objects: ObjectSource;
  readonly tokens: AccountTokens;
  readonly directory: ServiceDirectory;
  /** Pods by the address that they have from the moment their network is made. */
  readonly assigned: Map<string, Pod>;
  readonly clusterDomain: string;
  readonly dnsAddress: string;
  readonly podRange: CIDR;
  readonly dataDir: string;
  /** Whether the sandbox has a user namespace: then all its files belong to one user. */
  readonly userNamespace: boolean;
  /** In memory, gone with the sandbox. */
  readonly runDir: string;
  readonly host: HostTree;
  /** A directory of device nodes for containers. */
  readonly devices: string;
  /** A short name that no other pod of the sandbox has, for its network namespace. */
  nextNetworkName(): string;
}

/** What the pods of one node need of it. */
export interface NodeContext extends AgentContext {
  readonly nodeName: string;
  readonly nodeIP: string;
  readonly capacity: NodeCapacity;
  readonly addresses: AddressPool;
  readonly events: EventRecorder;
}
