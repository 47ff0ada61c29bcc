import type { Clock, NodeConnector, Random } from '@reeve/api';

/** One line of kube-apiserver's static token file. */
export interface StaticToken {
  readonly token: string;
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

/** What an API server needs to know before it starts. Times are milliseconds. */
export interface ApiServerOptions {
  readonly clock: Clock;
  /** For generated names; never for secrets. */
  readonly random: Random;
  /** Keeps objects, keys and certificates over restarts; without it everything is in memory. */
  readonly dataDir?: string;
  readonly tokens: readonly StaticToken[];
  /** Admission that a server alone leaves out: it needs the controllers that make accounts. */
  readonly admission: { readonly serviceAccount: boolean };
  /** `AlwaysAllow` is for tests. */
  readonly authorization: 'RBAC' | 'AlwaysAllow';
  /** Reaches the node agents for log, exec, attach and port-forward; without it these are refused. */
  readonly nodeConnector?: NodeConnector;
  /** Default 10.96.0.0/16. */
  readonly serviceCIDR?: string;
  /** Where the Service `kubernetes` leads; without it the Service has no endpoints. */
  readonly advertiseAddress?: string;
  /** `iss` of service account tokens; default https://kubernetes.default.svc. */
  readonly serviceAccountIssuer?: string;
  /** How often versions older than one interval are forgotten; default five minutes. */
  readonly compactionInterval?: number;
  /** Hears what a person should know, such as a failed background task. */
  readonly log?: (message: string) => void;
}
