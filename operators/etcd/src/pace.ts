import type { Action } from './decide/action.ts';

const soonMs = 250;
const slowMs = 2000;
const idleMs = 10_000;

/** When to look again: at once after a step, often while something starts, seldom when all is well. */
export function paceOf(action: Action): number {
  switch (action.kind) {
    case 'Idle':
      return Math.min(action.recheckMs ?? idleMs, idleMs);
    case 'Paused':
      return idleMs;
    case 'Blocked':
      return slowMs;
    case 'Wait':
      return action.soon ? soonMs : slowMs;
    default:
      return 1;
  }
}

/** When to try a step again that etcd refused for now. */
export const retryMs: number = soonMs;
