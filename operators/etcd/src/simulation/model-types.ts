import type { Pod } from '@reeve/api/core/v1';
import { annotationKeys } from '../names.ts';

/** What a member keeps; empty until its first start. */
export interface ModelDisk {
  clusterID?: string;
  memberID?: string;
  applied: number;
}

/** A running etcd. */
export interface ModelProcess {
  readonly name: string;
  readonly address: string;
  readonly disk: ModelDisk;
  readonly since: number;
}

export interface ModelMember {
  readonly id: string;
  name: string;
  readonly peerURL: string;
  learner: boolean;
  started: boolean;
}

/** The state that a majority agrees on. Its log is the number of entries. */
export interface ModelCluster {
  readonly id: string;
  readonly members: Map<string, ModelMember>;
  committed: number;
  leader: string | undefined;
}

/** The flags of a start that matter. */
export interface ModelStart {
  readonly name: string;
  readonly peerURL: string;
  readonly state: string;
  /** Peer URLs of the initial cluster. */
  readonly cluster: readonly string[];
  readonly token: string;
}

/** Reads what a start of the pod's container is told. */
export function modelStartOf({ metadata, spec }: Pod): ModelStart {
  const command = spec?.containers[0]?.command ?? [];
  const flag = (name: string): string =>
    command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  const { annotations = {} } = metadata ?? {};
  return {
    name: flag('name'),
    peerURL: flag('initial-advertise-peer-urls'),
    state: annotations[annotationKeys.initialClusterState] ?? '',
    cluster: (annotations[annotationKeys.initialCluster] ?? '')
      .split(',')
      .map((entry) => entry.slice(entry.indexOf('=') + 1)),
    token: flag('initial-cluster-token'),
  };
}
