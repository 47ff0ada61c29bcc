import type { PersistentVolumeClaim } from '@reeve/api/core/v1';

/** What is known of a member's disk. Only `ready` may carry a pod; `lost` means the data will not come back. */
export type DiskState =
  | { readonly state: 'missing' }
  | { readonly state: 'ready'; readonly uid?: string }
  | { readonly state: 'lost'; readonly why: string };

/** What was recorded about the member when its disk was made, and what is there now. */
export interface DiskEvidence {
  /** The member lives in memory: its data belongs to one pod. */
  readonly memory: boolean;
  readonly recordedClaimUID?: string | undefined;
  readonly recordedPodUID?: string | undefined;
  readonly claim?: PersistentVolumeClaim | undefined;
  readonly podUID?: string | undefined;
}

/** One identity, one disk: another claim or another pod's memory under the same name is not this member's data. */
export function diskState(evidence: DiskEvidence): DiskState {
  return evidence.memory ? memoryState(evidence) : claimState(evidence);
}

function memoryState({ recordedPodUID, podUID }: DiskEvidence): DiskState {
  if (recordedPodUID === undefined || recordedPodUID === podUID) return { state: 'ready' };
  return {
    state: 'lost',
    why: podUID === undefined ? 'its pod and the memory in it are gone' : 'its pod was replaced',
  };
}

function claimState({ recordedClaimUID, claim, podUID }: DiskEvidence): DiskState {
  const uid = claim?.metadata?.uid;
  if (claim === undefined || uid === undefined) {
    return recordedClaimUID === undefined ? { state: 'missing' } : { state: 'lost', why: 'its volume claim is gone' };
  }
  if (recordedClaimUID !== undefined && recordedClaimUID !== uid) {
    return { state: 'lost', why: 'its volume claim was replaced by another' };
  }
  if (claim.status?.phase === 'Lost') return { state: 'lost', why: 'the volume behind its claim is gone' };
  // The protection finalizer keeps a claim alive while a pod uses it, but lets no new pod have it.
  if (claim.metadata?.deletionTimestamp !== undefined && podUID === undefined) {
    return { state: 'lost', why: 'its volume claim is being deleted' };
  }
  return { state: 'ready', uid };
}
