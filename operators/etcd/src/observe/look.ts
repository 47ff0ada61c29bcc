import { Node, PersistentVolumeClaim, Pod, Secret } from '@reeve/api/core/v1';
import type { Clock } from '@reeve/api';
import type { Reader } from '@reeve/operator';
import type { EtcdClusterStatus } from '../api/status.ts';
import { usesTLS } from '../api/spec.ts';
import type { Credentials, Endpoint } from '../etcd/admin.ts';
import { annotationKeys, labelKeys, memberHost, namesOf, ports, type ClusterIdentity } from '../names.ts';
import { readTLSSecret } from '@reeve/stateful';
import type { Facts } from './facts.ts';

/** What the cache knows of a cluster; etcd has not been asked yet. */
export type CachedFacts = Omit<Facts, 'reports' | 'list'>;

/** Reads everything about a cluster from the cache. */
export function lookAt(identity: ClusterIdentity, status: EtcdClusterStatus, read: Reader, clock: Clock): CachedFacts {
  const { name, namespace, uid } = identity;
  const labels = { [labelKeys.cluster]: name };
  const pods = read.list(Pod, { namespace, labels });
  const claims = read.list(PersistentVolumeClaim, { namespace, labels });
  const ours = pods.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  const disks = claims.filter(({ metadata }) => metadata.annotations?.[annotationKeys.clusterUID] === uid);
  return {
    identity,
    status,
    pods: new Map(ours.map((pod) => [pod.metadata.name, pod])),
    claims: new Map(disks.map((claim) => [claim.metadata.name, claim])),
    trial: read.get(Pod, { namespace, name: namesOf(name).trialPod }),
    namesTaken: [...pods, ...claims].map(({ metadata }) => metadata.name),
    nodeOf: (node) => read.get(Node, { namespace: '', name: node }),
    secretOf: (secret) => read.get(Secret, { namespace, name: secret }),
    nowMs: clock.now(),
  };
}

/** Where members can be asked: those whose pods have an address. */
export function endpointsOf({ identity, pods }: CachedFacts): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const [name, pod] of pods) {
    const ip = pod.status?.podIP;
    if (!ip || pod.status?.phase !== 'Running') continue;
    const host = ip.includes(':') ? `[${ip}]` : ip;
    const serverName = usesTLS(identity.spec) ? memberHost(identity, name) : undefined;
    endpoints.set(name, { address: `${host}:${ports.client}`, serverName });
  }
  return endpoints;
}

/** What the operator shows to members; undefined without TLS, or while it is not there yet. */
export function credentialsOf({ identity, secretOf }: CachedFacts): Credentials | undefined {
  return usesTLS(identity.spec) ? readTLSSecret(secretOf(namesOf(identity.name).clientTLS)) : undefined;
}
