import type { EtcdClusterSpec } from './api/spec.ts';

/** Keys of labels and annotations. */
export const labelKeys = {
  cluster: 'etcd.reeve.dev/cluster',
  member: 'etcd.reeve.dev/member',
  role: 'etcd.reeve.dev/role',
  trial: 'etcd.reeve.dev/trial',
  fingerprint: 'etcd.reeve.dev/fingerprint',
  managedBy: 'app.kubernetes.io/managed-by',
} as const;

/** Keys of annotations. */
export const annotationKeys = {
  /** The UID of the cluster that a claim was made for: a later cluster of the name is another. */
  clusterUID: 'etcd.reeve.dev/cluster-uid',
  /** How the next start of the pod's container sees the cluster; see `Start`. */
  initialCluster: 'etcd.reeve.dev/initial-cluster',
  initialClusterState: 'etcd.reeve.dev/initial-cluster-state',
} as const;

/** The value of `app.kubernetes.io/managed-by`, by which the operator finds what is its own. */
export const managedBy = 'reeve-etcd-operator';

/** The container that runs etcd. */
export const containerName = 'etcd';

export const ports = { client: 2379, peer: 2380, metrics: 2381 } as const;

/** Names of a cluster's objects. */
export interface ClusterNames {
  readonly clientService: string;
  readonly peerService: string;
  readonly budget: string;
  readonly trialPod: string;
  readonly authority: string;
  readonly serverTLS: string;
  readonly peerTLS: string;
  readonly clientTLS: string;
}

export function namesOf(cluster: string): ClusterNames {
  return {
    clientService: `${cluster}-client`,
    peerService: `${cluster}-peers`,
    budget: cluster,
    trialPod: `${cluster}-trial`,
    authority: `${cluster}-ca`,
    serverTLS: `${cluster}-server-tls`,
    peerTLS: `${cluster}-peer-tls`,
    clientTLS: `${cluster}-client-tls`,
  };
}

/** What identifies a cluster for all that is made for it. */
export interface ClusterIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly spec: EtcdClusterSpec;
  /** As `cluster.local`. */
  readonly clusterDomain: string;
}

/** The labels of everything that belongs to a cluster. */
export function clusterLabels(cluster: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'etcd',
    'app.kubernetes.io/instance': cluster,
    [labelKeys.managedBy]: managedBy,
    [labelKeys.cluster]: cluster,
  };
}

/** The DNS name under which a member's peers and clients reach it, whether it is ready or not. */
export function memberHost({ name, namespace }: ClusterIdentity, member: string): string {
  return `${member}.${namesOf(name).peerService}.${namespace}.svc`;
}
