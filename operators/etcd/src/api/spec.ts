import type { Affinity, Toleration, TopologySpreadConstraint } from '@reeve/api/core/v1';

/** What a user asks for. */
export interface EtcdClusterSpec {
  /** How many members; odd sizes are best. */
  readonly clusterSize: number;
  /** As `v3.5.16`. */
  readonly version: string;
  readonly storage?: EtcdStorage | undefined;
  readonly resources?: EtcdResources | undefined;
  readonly podTemplate?: EtcdPodTemplate | undefined;
  /** Settings of etcd by name; see `optionFlags`. */
  readonly options?: EtcdOptions | undefined;
  readonly tls?: { readonly mode?: 'Auto' | 'Disabled' | undefined } | undefined;
  readonly paused?: boolean | undefined;
  /** What becomes of the claims when the cluster is deleted; default `Retain`. */
  readonly deletionPolicy?: 'Retain' | 'Delete' | undefined;
}

export interface EtcdStorage {
  /** Of each member's disk; default 4Gi. */
  readonly size?: string | undefined;
  readonly storageClassName?: string | undefined;
  /** `Memory` keeps the data in the pod's memory: a pod that goes takes its copy along. */
  readonly medium?: 'Disk' | 'Memory' | undefined;
}

export interface EtcdResources {
  readonly requests?: Readonly<Record<string, string | number>> | undefined;
  readonly limits?: Readonly<Record<string, string | number>> | undefined;
}

export interface EtcdPodTemplate {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly affinity?: Affinity | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[] | undefined;
}

export type EtcdOptions = Readonly<Record<string, string | number>>;

/** The part of the spec that pods are made from. */
export type Blueprint = Pick<EtcdClusterSpec, 'version' | 'resources' | 'podTemplate' | 'options'>;

/** Where the spec says nothing. */
export const specDefaults = {
  storageSize: '4Gi',
  medium: 'Disk',
  tlsMode: 'Auto',
  deletionPolicy: 'Retain',
} as const;

/** Whether members keep their data in memory. */
export function isInMemory(spec: EtcdClusterSpec): boolean {
  return (spec.storage?.medium ?? specDefaults.medium) === 'Memory';
}

/** Whether members and clients speak TLS. */
export function usesTLS(spec: EtcdClusterSpec): boolean {
  return (spec.tls?.mode ?? specDefaults.tlsMode) === 'Auto';
}

/** The version with its `v`, as in image tags. */
export function tagOf(version: string): string {
  return version.startsWith('v') ? version : `v${version}`;
}

/** The blueprint in a spec. */
export function blueprintOf({ version, resources, podTemplate, options }: EtcdClusterSpec): Blueprint {
  return {
    version,
    ...(resources ? { resources } : {}),
    ...(podTemplate ? { podTemplate } : {}),
    ...(options ? { options } : {}),
  };
}
