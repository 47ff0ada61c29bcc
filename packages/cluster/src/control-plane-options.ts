import type { Clock, NodeConnector, Random } from '@reeve/api';
import type { StaticToken } from '@reeve/apiserver';
import type { Client } from '@reeve/kube';
import type { Log } from '@reeve/operator';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Holds the objects, keys and volumes of the cluster; made if it is missing. */
  readonly dataDir: string;
  /** A path of at most 100 bytes for the API's unix socket, to which pods' connections are relayed. */
  readonly apiSocket: string;
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Users beside the cluster's own administrator and nodes. */
  readonly tokens?: readonly StaticToken[];
  readonly nodeConnector?: NodeConnector;
  /** Default true: pods get accounts and their tokens. */
  readonly serviceAccounts?: boolean;
  /** How long a node may be silent before it counts as lost; default 8 s: nodes here are a process away. */
  readonly nodeGracePeriodMs?: number;
  readonly log: Log;
}

/** An API server with the built-in controllers, without nodes. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  readonly ca: string;
  /** The bearer token of a cluster administrator. */
  readonly adminToken: string;
  readonly nodeToken: string;
  /** Acts as the controllers, inside this process. */
  readonly client: Client;
  stop(): Promise<void>;
}
