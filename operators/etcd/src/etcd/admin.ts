/** Where a member answers, and under which name its certificate must speak. */
export interface Endpoint {
  /** `host:port`. */
  readonly address: string;
  readonly serverName?: string | undefined;
}

/** Proof of identity for mutual TLS, PEM. Without it the connection is plain. */
export interface Credentials {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** IDs are hexadecimal, as etcdctl prints them. */
export interface MemberInfo {
  readonly id: string;
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly learner: boolean;
}

export interface MemberList {
  readonly clusterID: string;
  readonly members: readonly MemberInfo[];
}

export interface MemberReport {
  readonly id: string;
  readonly clusterID: string;
  readonly version: string;
  /** The leader's ID, or undefined when the member knows of none. */
  readonly leader: string | undefined;
  readonly learner: boolean;
  readonly appliedIndex: number;
  readonly raftTerm: number;
  readonly dbSizeBytes: number;
  /** Raised in the whole cluster, as this member knows. */
  readonly alarms: readonly RaisedAlarm[];
}

/** `memberID` is `0` when etcd can not say whom it concerns. */
export interface RaisedAlarm {
  readonly memberID: string;
  readonly kind: 'NoSpace' | 'Corrupt';
}

/** What the operator asks of etcd: one member at a time, every call with a deadline. Failures are `EtcdError`s. */
export interface EtcdAdmin {
  /** Answered by the member alone, also without a majority. */
  readonly status: (at: Endpoint) => Promise<MemberReport>;
  /** The members as a majority has them; fails without one. */
  readonly list: (at: Endpoint) => Promise<MemberList>;
  /** The list afterwards has the new member, with an empty name. */
  readonly addLearner: (at: Endpoint, peerURL: string) => Promise<MemberList>;
  readonly promote: (at: Endpoint, id: string) => Promise<MemberList>;
  readonly remove: (at: Endpoint, id: string) => Promise<MemberList>;
  /** Only the leader itself takes this. */
  readonly moveLeader: (at: Endpoint, id: string) => Promise<void>;
  /** A hash of all data at a revision (0: the newest). */
  readonly hashKV: (at: Endpoint, revision: number) => Promise<number>;
  readonly put: (at: Endpoint, key: string, value: string) => Promise<void>;
  /** The value as a majority has it. */
  readonly get: (at: Endpoint, key: string) => Promise<string | undefined>;
  /** Closes the connections to members not among these. */
  readonly keep: (addresses: readonly string[]) => void;
  readonly close: () => void;
}
