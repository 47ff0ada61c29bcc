import type { LeaseSpec } from '@reeve/api/coordination/v1';
import { microTimeText } from '../time-text.ts';

/** The lease as its new or renewing holder writes it. */
export function heldBy(identity: string, durationMs: number, now: number, before: LeaseSpec | undefined): LeaseSpec {
  const renewing = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: renewing && before.acquireTime !== undefined ? before.acquireTime : microTimeText(now),
    renewTime: microTimeText(now),
    leaseTransitions: renewing || before === undefined ? transitions : transitions + 1,
  };
}

/** The lease as its holder leaves it, so that the next one need not wait. */
export function released(now: number, before: LeaseSpec): LeaseSpec {
  return {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: microTimeText(now),
    renewTime: microTimeText(now),
    leaseTransitions: before.leaseTransitions ?? 0,
  };
}
