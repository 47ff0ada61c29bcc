import type { Random } from '@reeve/api';

export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** After this long without a failure it starts anew. */
  readonly resetMs: number;
}

/** Growing, jittered waits between attempts. */
export interface Backoff {
  /** The next wait, at a failure now. */
  next(now: number): number;
  reset(): void;
}

/** Doubles from `minMs` to `maxMs`; each wait is stretched by up to its own length, so that clients drift apart. */
export function createBackoff({ minMs, maxMs, resetMs }: BackoffOptions, random: Random): Backoff {
  let delay = minMs;
  let lastFailure = Number.NEGATIVE_INFINITY;
  return {
    next(now) {
      if (now - lastFailure > resetMs) delay = minMs;
      const wait = delay * (1 + random());
      lastFailure = now + wait;
      delay = Math.min(delay * 2, maxMs);
      return wait;
    },
    reset() {
      delay = minMs;
    },
  };
}
