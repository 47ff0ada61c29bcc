import type { Container, EnvVar, Pod, PodSpec, Volume, VolumeMount } from '@reeve/api/core/v1';
import { fingerprint, preferApart } from '@reeve/stateful';
import { isInMemory, specDefaults, tagOf, usesTLS, type Blueprint } from '../api/spec.ts';
import { clusterLabels, containerName, labelKeys, namesOf, ports, type ClusterIdentity } from '../names.ts';
import { commandOf, paths, startAnnotations, startEnvironment, type Start } from './flags.ts';
import { probes } from './probes.ts';

/** Upstream's image; a version is a tag. */
export function imageOf(version: string): string {
  return `quay.io/coreos/etcd:${tagOf(version)}`;
}

/** A member's pod. */
export function memberPod(
  identity: ClusterIdentity,
  blueprint: Blueprint,
  member: string,
  start: Start,
  voter: boolean,
): Pod {
  const { labels, annotations } = blueprint.podTemplate ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: member,
      namespace: identity.namespace,
      labels: {
        ...labels,
        ...clusterLabels(identity.name),
        [labelKeys.member]: member,
        [labelKeys.role]: voter ? 'voter' : 'learner',
      },
      annotations: {
        ...annotations,
        ...startAnnotations(identity, member, start),
        [labelKeys.fingerprint]: podFingerprint(identity, blueprint, member),
      },
    },
    spec: podSpec(identity, blueprint, member),
  };
}

/** Tells pods of one spec from pods of another. */
export function podFingerprint(identity: ClusterIdentity, blueprint: Blueprint, member: string): string {
  const { labels, annotations } = blueprint.podTemplate ?? {};
  return fingerprint({ labels, annotations, spec: podSpec(identity, blueprint, member) });
}

function podSpec(identity: ClusterIdentity, blueprint: Blueprint, member: string): PodSpec {
  return {
    hostname: member,
    subdomain: namesOf(identity.name).peerService,
    restartPolicy: 'Always',
    // A leader hands over when it is told to end.
    terminationGracePeriodSeconds: 30,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    ...placement(identity, blueprint),
    containers: [container(identity, blueprint, member)],
    volumes: volumes(identity, member),
  };
}

/** Where pods of this blueprint may run. */
export function placement(identity: ClusterIdentity, { podTemplate = {} }: Blueprint): Partial<PodSpec> {
  const { nodeSelector, affinity, tolerations, topologySpreadConstraints } = podTemplate;
  return {
    affinity: affinity ?? preferApart({ [labelKeys.cluster]: identity.name }),
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations } : {}),
    ...(topologySpreadConstraints ? { topologySpreadConstraints } : {}),
  };
}

function container(identity: ClusterIdentity, blueprint: Blueprint, member: string): Container {
  const { requests, limits } = blueprint.resources ?? {};
  return {
    name: containerName,
    image: imageOf(blueprint.version),
    command: commandOf(identity, blueprint, member),
    env: [...startEnvironment, ...etcdctlEnvironment(usesTLS(identity.spec))],
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    ...probes,
    ...(blueprint.resources ? { resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) } } : {}),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    // The last words of etcd tell an empty disk from a crash.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: mounts(usesTLS(identity.spec)),
  };
}

/** Lets `kubectl exec <member> -- etcdctl …` work without flags. */
function etcdctlEnvironment(tls: boolean): readonly EnvVar[] {
  const plain = { ETCDCTL_API: '3', ETCDCTL_ENDPOINTS: `${tls ? 'https' : 'http'}://127.0.0.1:${ports.client}` };
  const secure = {
    ETCDCTL_CACERT: `${paths.server}/ca.crt`,
    ETCDCTL_CERT: `${paths.server}/tls.crt`,
    ETCDCTL_KEY: `${paths.server}/tls.key`,
  };
  return Object.entries({ ...plain, ...(tls ? secure : {}) }).map(([name, value]) => ({ name, value }));
}

function mounts(tls: boolean): readonly VolumeMount[] {
  const certificates = [
    { name: 'server-tls', mountPath: paths.server, readOnly: true },
    { name: 'peer-tls', mountPath: paths.peer, readOnly: true },
  ];
  return [{ name: 'data', mountPath: paths.data }, ...(tls ? certificates : [])];
}

function volumes({ name, spec }: ClusterIdentity, member: string): readonly Volume[] {
  const { serverTLS, peerTLS } = namesOf(name);
  const data: Volume = isInMemory(spec)
    ? { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: spec.storage?.size ?? specDefaults.storageSize } }
    : { name: 'data', persistentVolumeClaim: { claimName: member } };
  const certificates: readonly Volume[] = [
    { name: 'server-tls', secret: { secretName: serverTLS } },
    { name: 'peer-tls', secret: { secretName: peerTLS } },
  ];
  return [data, ...(usesTLS(spec) ? certificates : [])];
}
