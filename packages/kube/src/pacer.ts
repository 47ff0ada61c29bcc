import type { Clock } from '@reeve/api';

const sliceMs = 8;

/**
 * Lets timers and sockets have their turn when a long piece of work has held the event loop for 8 ms: a lease must be
 * renewed and probes answered while a hundred thousand objects are decoded.
 */
export function createPacer(clock: Clock): () => Promise<void> | undefined {
  let begin = clock.now();
  return () => {
    if (clock.now() - begin < sliceMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        begin = clock.now();
        resolve();
      });
    });
  };
}
