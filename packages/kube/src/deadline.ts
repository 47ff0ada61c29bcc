import type { Clock } from '@reeve/api';

/** A signal that aborts with `reason` after a time, or with its parent. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** No longer aborts by itself. */
  cancel(): void;
}

/** Starts a deadline; without `ms` it only follows its parent. */
export function startDeadline(
  clock: Clock,
  ms: number | undefined,
  reason: () => Error,
  parent?: AbortSignal,
): Deadline {
  if (ms === undefined && parent !== undefined) return { signal: parent, cancel: () => undefined };
  const controller = new AbortController();
  const cancel = ms === undefined ? () => undefined : clock.schedule(ms, () => controller.abort(reason()));
  const signal = parent === undefined ? controller.signal : AbortSignal.any([controller.signal, parent]);
  return { signal, cancel };
}
