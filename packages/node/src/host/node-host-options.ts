import type { Clock } from '@reeve/api';

import type { ImageStore } from '../images/image.ts';

/** One virtual node: a name that pods are scheduled to, with what it may promise. */
export interface VirtualNodeOptions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** A quantity: `4`, `500m`. */
  readonly cpu: string;
  /** A quantity: `8Gi`. */
  readonly memory: string;
}

/** How the agent logs: one line with fields. */
export interface NodeLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** How the agent reaches the API server, from inside a network of its own. */
export interface APICredentials {
  /** Bearer token of a user that may read pods, services, secrets … and write pod and node status. */
  readonly token: string;
  /** The CA of the API server's certificate, PEM. */
  readonly ca: string;
}

/** The cluster's addresses and names, shared by the network, the DNS server and the pods' files. */
export interface ClusterNetwork {
  /** Default `cluster.local`. */
  readonly clusterDomain: string;
  /** Default `10.96.0.0/16`; the first address is the API server's Service, the tenth the DNS server. */
  readonly serviceCIDR: string;
  /** Default `10.244.0.0/16`; node number n has the n-th /24 of it. */
  readonly podCIDR: string;
}

/** What `startNodeHost` needs. */
export interface NodeHostOptions extends Partial<ClusterNetwork> {
  /** A directory of the cluster's own: pods' files and logs live in it, and `hostPath` volumes only below it. */
  readonly dataDir: string;
  /** Unix socket of the API server's HTTPS front. */
  readonly apiSocket: string;
  /** Name that the API server's certificate holds. Default `kubernetes.default.svc`. */
  readonly apiServerName?: string;
  /** May come later: the sandbox starts meanwhile, and its agent waits for them, and with them for the API server. */
  readonly credentials: APICredentials | Promise<APICredentials>;
  readonly nodes: readonly VirtualNodeOptions[];
  /** Asked by the agent for every container; runs in this process, which has the machine's network. */
  readonly images: ImageStore;
  readonly clock: Clock;
  readonly log?: (line: NodeLogLine) => void;
}
