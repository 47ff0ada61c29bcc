import type { Condition } from '@reeve/api';
import type { Blueprint } from './spec.ts';

/** What the operator reports, and what it must not forget. */
export interface EtcdClusterStatus {
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  /** Members that etcd lists. */
  readonly clusterSize?: number | undefined;
  readonly readyMembers?: number | undefined;
  /** Ready of wanted, as `2/3`. */
  readonly ready?: string | undefined;
  /** Name of the leading member. */
  readonly leader?: string | undefined;
  /** The lowest version that a member runs. */
  readonly version?: string | undefined;
  /** Selects the members' pods. */
  readonly selector?: string | undefined;
  /** Hexadecimal; recorded once, when the first member has answered. */
  readonly clusterID?: string | undefined;
  /** The serial of the next member. Serials are never used twice. */
  readonly nextSerial?: number | undefined;
  readonly members?: readonly MemberRecord[] | undefined;
  /** The spec that pods are made from: a change is taken over once it has proved to run. */
  readonly accepted?: Blueprint | undefined;
  /** The last step that changed something, written before it was taken. */
  readonly operation?: Operation | undefined;
  /** When members were replaced within the last hour. */
  readonly replacements?: readonly string[] | undefined;
}

export interface MemberRecord {
  readonly name: string;
  readonly serial: number;
  /** Its ID in etcd, hexadecimal; known once it was added. */
  readonly id?: string | undefined;
  readonly role: 'Joining' | 'Learner' | 'Voter' | 'Leaving';
  readonly ready: boolean;
  readonly version?: string | undefined;
  /** The claim that holds its data. */
  readonly claimUID?: string | undefined;
  /** The last of its pods that ran. Set means: its disk may hold data. */
  readonly podUID?: string | undefined;
  readonly silentSince?: string | undefined;
  readonly addedAt?: string | undefined;
}

export interface Operation {
  readonly task: string;
  readonly step: string;
  readonly member?: string | undefined;
  readonly startedAt: string;
  readonly reason: string;
}
