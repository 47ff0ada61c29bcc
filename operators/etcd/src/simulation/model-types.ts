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

/** Reads the flags from a container's command. */
export function modelStartOf(command: readonly string[]): ModelStart {
  const flag = (name: string): string =>
    command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  return {
    name: flag('name'),
    peerURL: flag('initial-advertise-peer-urls'),
    state: flag('initial-cluster-state'),
    cluster: flag('initial-cluster')
      .split(',')
      .map((entry) => entry.slice(entry.indexOf('=') + 1)),
    token: flag('initial-cluster-token'),
  };
}
