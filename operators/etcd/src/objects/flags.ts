import type { EnvVar } from '@reeve/api/core/v1';
import { minor, parse } from 'semver';
import { optionFlags } from '../api/options.ts';
import { usesTLS, type Blueprint } from '../api/spec.ts';
import { annotationKeys, memberHost, ports, type ClusterIdentity } from '../names.ts';

/** Where things are in a member's container. */
export const paths = { data: '/var/lib/etcd', server: '/etc/etcd/server', peer: '/etc/etcd/peer' } as const;

/** The members that a first start must know, by name and peer URL. */
export type InitialCluster = readonly { readonly name: string; readonly peerURL: string }[];

/** How a member starts: the seed with `new`, one that joins with the others' URLs, and one with data behind its fence. */
export type Start =
  | { readonly kind: 'seed' }
  | { readonly kind: 'join'; readonly cluster: InitialCluster }
  | { readonly kind: 'fenced' };

export function peerURLOf(identity: ClusterIdentity, member: string): string {
  return `${scheme(identity)}://${memberHost(identity, member)}:${ports.peer}`;
}

/** The command line of a member. */
export function commandOf(identity: ClusterIdentity, blueprint: Blueprint, member: string): readonly string[] {
  const flags: Readonly<Record<string, string>> = {
    name: member,
    'data-dir': `${paths.data}/data`,
    ...urls(identity, member),
    'initial-cluster-token': `${identity.namespace}-${identity.name}-${identity.uid}`,
    ...(usesTLS(identity.spec) ? tls(identity) : {}),
    ...steady(blueprint.version),
    ...chosen(blueprint),
  };
  return ['etcd', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)];
}

function urls(identity: ClusterIdentity, member: string): Readonly<Record<string, string>> {
  const to = scheme(identity);
  return {
    'listen-peer-urls': `${to}://0.0.0.0:${ports.peer}`,
    'listen-client-urls': `${to}://0.0.0.0:${ports.client}`,
    // Probes come without a client certificate.
    'listen-metrics-urls': `http://0.0.0.0:${ports.metrics}`,
    'initial-advertise-peer-urls': peerURLOf(identity, member),
    'advertise-client-urls': `${to}://${memberHost(identity, member)}:${ports.client}`,
  };
}

/**
 * What a start of the container is told of the cluster. It stands in annotations and reaches etcd through the
 * environment, which is read anew at every start of the container: the fence goes up while the pod runs.
 *
 * The fence: a member with data ignores these settings, and one whose disk is empty exits at once instead of coming
 * back under an identity that has voted before. Only a first start sees the real cluster.
 */
export function startAnnotations(
  identity: ClusterIdentity,
  member: string,
  start: Start,
): Readonly<Record<string, string>> {
  const self = { name: member, peerURL: peerURLOf(identity, member) };
  const cluster = start.kind === 'join' ? start.cluster : [self];
  return {
    [annotationKeys.initialCluster]: cluster.map(({ name, peerURL }) => `${name}=${peerURL}`).join(','),
    [annotationKeys.initialClusterState]: start.kind === 'seed' ? 'new' : 'existing',
  };
}

/** Hands the annotations to etcd. */
export const startEnvironment: readonly EnvVar[] = [
  { name: 'ETCD_INITIAL_CLUSTER', valueFrom: annotation(annotationKeys.initialCluster) },
  { name: 'ETCD_INITIAL_CLUSTER_STATE', valueFrom: annotation(annotationKeys.initialClusterState) },
];

function annotation(key: string): NonNullable<EnvVar['valueFrom']> {
  return { fieldRef: { fieldPath: `metadata.annotations['${key}']` } };
}

function tls({ name }: ClusterIdentity): Readonly<Record<string, string>> {
  return {
    'cert-file': `${paths.server}/tls.crt`,
    'key-file': `${paths.server}/tls.key`,
    'trusted-ca-file': `${paths.server}/ca.crt`,
    'client-cert-auth': 'true',
    'peer-cert-file': `${paths.peer}/tls.crt`,
    'peer-key-file': `${paths.peer}/tls.key`,
    'peer-trusted-ca-file': `${paths.peer}/ca.crt`,
    'peer-client-cert-auth': 'true',
    // One authority signs for peers and clients: a client's certificate must not pass for a peer's.
    'peer-cert-allowed-cn': peerCommonName(name),
  };
}

/** The common name that peers accept. */
export function peerCommonName(cluster: string): string {
  return `${cluster}-peer`;
}

// On from 3.5: a member that comes back does not force an election.
function steady(version: string): Readonly<Record<string, string>> {
  const parsed = parse(version);
  return parsed !== null && minor(parsed) === 4 ? { 'pre-vote': 'true', logger: 'zap' } : {};
}

function chosen({ options = {} }: Blueprint): Readonly<Record<string, string>> {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    const flag = optionFlags[name]?.flag;
    return flag === undefined ? [] : [[flag, String(value)] as const];
  });
  return Object.fromEntries(flags);
}

function scheme({ spec }: ClusterIdentity): 'http' | 'https' {
  return usesTLS(spec) ? 'https' : 'http';
}
