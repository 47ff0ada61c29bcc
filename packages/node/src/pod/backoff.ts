import type { Backoff, FinishedRun } from './record.ts';

const firstMs = 10_000;
const maxMs = 300_000;
/** A container that ran for this long starts afresh: its next crash is restarted at once. */
const resetAfterMs = 2 * maxMs;

/** When a container that ended may start again: at once the first time, then after the delay counted from its end. */
export function restartTime(backoff: Backoff | undefined, run: Pick<FinishedRun, 'finishedAt'>): number {
  if (backoff === undefined || isStale(backoff, run.finishedAt)) return run.finishedAt;
  return run.finishedAt + backoff.delayMs;
}

/** The delay that follows an attempt at `now`. */
export function nextBackoff(backoff: Backoff | undefined, now: number): Backoff {
  const delayMs = backoff === undefined || isStale(backoff, now) ? firstMs : Math.min(maxMs, backoff.delayMs * 2);
  return { delayMs, updatedAt: now };
}

function isStale(backoff: Backoff, at: number): boolean {
  return at - backoff.updatedAt > resetAfterMs;
}
