import type { DiskState, PodState } from '@reeve/stateful';
import type { Action, Task } from './action.ts';
import type { Refusal } from './version-path.ts';

/** All that `decide` may look at: the goal, what is on record, and what is. */
export interface ClusterView {
  readonly name: string;
  readonly wanted: Wanted;
  /** Recorded once the first member has answered; from then on `new` is never said again. */
  readonly clusterID: string | undefined;
  readonly membership: Membership;
  readonly members: readonly MemberView[];
  readonly nextSerial: number;
  /** When members were replaced lately. */
  readonly replacements: readonly number[];
  readonly alarms: readonly Alarm[];
  /** The last step that changed something: what was begun is gone on with, and called by its name. */
  readonly last: LastStep | undefined;
  /** Where the wanted spec differs from the accepted one, which pods are made from. */
  readonly change: Change | undefined;
  readonly preflight: Preflight;
  readonly retired: readonly RetiredClaim[];
  /** Why claims do not become what the spec asks for. */
  readonly claimsRefused: string | undefined;
  /** Set when the certificate authority is gone while members depend on it. */
  readonly authorityMissing: string | undefined;
}

export interface Wanted {
  readonly size: number;
  readonly memory: boolean;
  readonly paused: boolean;
}

/** The member list as a majority has it (a linearizable read), or that no majority answers. */
export type Membership =
  | { readonly state: 'unknown' }
  | { readonly state: 'known'; readonly clusterID: string; readonly members: readonly ListedMember[] };

export interface ListedMember {
  /** Hexadecimal, as etcdctl prints it. */
  readonly id: string;
  /** Empty until the member has started for the first time. */
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly learner: boolean;
}

/** `unlisted` is certain; with no majority the last known role stands. */
export type Role = 'voter' | 'learner' | 'unlisted';

/** One recorded member. */
export interface MemberView {
  readonly name: string;
  readonly serial: number;
  readonly peerURL: string;
  /** Its ID in etcd, once it was added. */
  readonly id: string | undefined;
  readonly role: Role;
  /** A pod of it has run: its disk may hold data. */
  readonly started: boolean;
  readonly disk: DiskState;
  readonly pod: PodState;
  /** It answered Status just now, by itself. */
  readonly answers: boolean;
  readonly leader: boolean;
  readonly appliedIndex: number;
  readonly silentSince: number | undefined;
  readonly addedAt: number | undefined;
  /** Its pod was made from another spec than the accepted one. */
  readonly outdated: boolean;
  /** The pod's role label says voter. */
  readonly labelledVoter: boolean;
  /** The next start of its container can not bring it back on an empty disk. */
  readonly fenced: boolean;
  /** Zone, or node where there are no zones; for balance when one must go. */
  readonly zone: string | undefined;
}

/** A step as it was recorded before it was taken. */
export interface LastStep {
  readonly task: Task;
  readonly member: string | undefined;
  readonly at: number;
}

/** A raised alarm; `memberID` is `0` when no majority agrees on whom it concerns. */
export interface Alarm {
  readonly kind: 'NoSpace' | 'Corrupt';
  readonly memberID: string;
}

/** A spec that is wanted but not accepted yet. */
export interface Change {
  readonly fingerprint: string;
  readonly summary: string;
  readonly refused: Refusal | undefined;
}

/** The trial pod that shows whether a changed spec can run at all, before anything healthy is touched. */
export type Preflight =
  | { readonly state: 'none' }
  | { readonly state: 'running' | 'passed'; readonly uid: string; readonly fingerprint: string }
  | {
      readonly state: 'failed';
      readonly uid: string;
      readonly fingerprint: string;
      readonly obstacle: 'ImageUnavailable' | 'NoRoom' | 'CannotStart';
      readonly message: string;
    };

export interface RetiredClaim {
  readonly name: string;
  readonly uid: string;
  /** Milliseconds until it may go. */
  readonly leftMs: number;
}

/** How patient the operator is. */
export interface Policy {
  /** A silent member is replaced after this long, if the others hold the quorum. */
  readonly replaceAfterMs: number;
  /** No majority for this long is a lost quorum, not a restart. */
  readonly quorumGraceMs: number;
  /** A pod that can't start is reported after this long. */
  readonly problemGraceMs: number;
  /** A learner that has not caught up after this long is taken back. */
  readonly learnerTimeoutMs: number;
  /** At most so many replacements an hour. */
  readonly maxReplacements: number;
}

/** The policy of the operator's defaults. */
export const defaultPolicy: Policy = {
  replaceAfterMs: 5 * 60_000,
  quorumGraceMs: 60_000,
  problemGraceMs: 10_000,
  learnerTimeoutMs: 10 * 60_000,
  maxReplacements: 3,
};

/** One part of the decision: the action it calls for, or undefined when it has nothing to say. */
export type Rule = (view: ClusterView, policy: Policy, nowMs: number) => Action | undefined;
