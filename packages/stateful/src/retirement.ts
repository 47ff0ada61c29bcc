import type { ObjectMeta } from '@reeve/api';

/** Set on a claim whose member is gone for good; the claim is kept for a while, so that no step destroys the last copy. */
export const retiredLabel = 'reeve.dev/retired';
/** When the claim was retired, as RFC 3339. */
export const retiredAtAnnotation = 'reeve.dev/retired-at';

/** The merge patch that retires a claim. `uid` is checked by the server, so that another claim of the name is spared. */
export function retirementPatch(uid: string, nowMs: number): { readonly metadata: ObjectMeta } {
  return {
    metadata: {
      uid,
      labels: { [retiredLabel]: 'true' },
      annotations: { [retiredAtAnnotation]: new Date(nowMs).toISOString() },
    },
  };
}

/** Whether a claim was retired. */
export function isRetired(meta: ObjectMeta | undefined): boolean {
  return meta?.labels?.[retiredLabel] === 'true';
}

/** Milliseconds until a retired claim may be deleted; 0 when it may be now; undefined when it is not retired. */
export function retirementLeft(meta: ObjectMeta | undefined, keepMs: number, nowMs: number): number | undefined {
  if (!isRetired(meta)) return undefined;
  const since = Date.parse(meta?.annotations?.[retiredAtAnnotation] ?? '');
  // A claim whose date was edited away is kept: a person has been here.
  return Number.isNaN(since) ? undefined : Math.max(0, since + keepMs - nowMs);
}
