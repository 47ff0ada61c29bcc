/** All tasks. */
export const tasks = ['Creating', 'Healing', 'ScalingUp', 'ScalingDown', 'Updating', 'CleaningUp'] as const;

/** What the operator is busy with: the reason of the Ready condition and of events. */
export type Task = (typeof tasks)[number];

/** Why nothing can go on until a person acts. */
export type Obstacle =
  | 'QuorumLost'
  | 'ClusterIDMismatch'
  | 'UnknownMember'
  | 'AuthorityMissing'
  | 'StorageRefused'
  | 'ImageUnavailable'
  | 'NoRoom'
  | 'CannotStart'
  | 'VersionRefused'
  | 'UpdateHalted'
  | 'TooManyReplacements'
  | 'DataCorrupt';

interface Because {
  /** One sentence in plain words: the event, the condition and the log line say it. */
  readonly reason: string;
}

interface Step extends Because {
  readonly task: Task;
}

interface MemberStep extends Step {
  readonly member: string;
}

/** The one next thing to do. Every variant carries its reason. */
export type Action =
  | (Because & { readonly kind: 'Idle'; readonly recheckMs?: number })
  | (Because & { readonly kind: 'Paused' })
  | (Because & { readonly kind: 'Blocked'; readonly obstacle: Obstacle; readonly next: string })
  /** Something is under way; `soon` when it may be over within a second. */
  | (Step & { readonly kind: 'Wait'; readonly soon: boolean })
  | (MemberStep & { readonly kind: 'Reserve'; readonly serial: number; readonly seed: boolean })
  | (MemberStep & { readonly kind: 'CreateClaim' })
  /** `first`: the member has no data yet and gets the real initial cluster; later pods are fenced. */
  | (MemberStep & { readonly kind: 'CreatePod'; readonly first: boolean })
  /** Labels the pod with its member's role, and puts up the fence. */
  | (MemberStep & { readonly kind: 'MarkPod'; readonly uid: string; readonly voter: boolean })
  | (MemberStep & { readonly kind: 'DeletePod'; readonly uid: string })
  | (MemberStep & { readonly kind: 'Latch'; readonly clusterID: string })
  | (MemberStep & { readonly kind: 'AddLearner' })
  | (MemberStep & { readonly kind: 'Promote'; readonly id: string })
  | (MemberStep & { readonly kind: 'MoveLeader'; readonly to: string; readonly id: string })
  | (MemberStep & { readonly kind: 'RemoveMember'; readonly id: string })
  | (MemberStep & { readonly kind: 'RetireClaim'; readonly uid: string })
  | (MemberStep & { readonly kind: 'Forget' })
  | (Step & { readonly kind: 'DeleteClaim'; readonly claim: string; readonly uid: string })
  | (Step & { readonly kind: 'StartPreflight'; readonly fingerprint: string })
  | (Step & { readonly kind: 'EndPreflight'; readonly uid: string })
  | (Step & { readonly kind: 'Accept' });

/** The names of the actions. */
export type ActionKind = Action['kind'];

/** Actions that change something, and so are an event. */
export type Deed = Extract<Action, { readonly task: Task }> & { readonly kind: Exclude<ActionKind, 'Wait'> };

/** Whether the action changes anything. */
export function isDeed(action: Action): action is Deed {
  switch (action.kind) {
    case 'Idle':
    case 'Paused':
    case 'Blocked':
    case 'Wait':
      return false;
    default:
      return true;
  }
}
