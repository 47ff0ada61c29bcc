import type { Clock } from '@reeve/api';

/** Seconds since it was made, with one digit: `3.2 s`. */
export function stopwatch(clock: Clock): () => string {
  const start = clock.now();
  return () => `${((clock.now() - start) / 1000).toFixed(1)} s`;
}
