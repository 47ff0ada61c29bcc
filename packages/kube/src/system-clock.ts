import type { Clock, Random } from '@reeve/api';

/** The machine's own time. The one place in the project that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, task) {
    // setTimeout takes at most 2^31 - 1 ms (24.8 days).
    const timer = setTimeout(task, Math.min(delayMs, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** The machine's own chance: for jitter and generated names, never for secrets. */
export const systemRandom: Random = Math.random;
