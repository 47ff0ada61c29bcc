import type { Clock } from '@reeve/api';

/** Time that moves only when a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running what falls due on the way, in order, each with its consequences. */
  advance(ms: number): Promise<void>;
  /** Lets everything that needs no time happen. */
  settle(): Promise<void>;
  /** Moves from one due task to the next until `done`, at most `limitMs`; tells whether it came to that. */
  until(done: () => boolean, limitMs?: number): Promise<boolean>;
  /** Tasks that wait. */
  pending(): number;
}

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Turns of the real event loop in which promises and immediates settle; in-process streams need a few. */
const settlingTurns = 4;

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Makes a clock that begins at `start` (default: the first of January 2026). */
export function virtualClock(start: number = Date.UTC(2026, 0, 1)): VirtualClock {
  const tasks = new Set<Task>();
  let now = start;
  let order = 0;
  const due = (limit: number): Task | undefined => {
    let first: Task | undefined;
    for (const task of tasks) {
      const sooner = first === undefined || task.at < first.at || (task.at === first.at && task.order < first.order);
      if (task.at <= limit && sooner) first = task;
    }
    return first;
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < settlingTurns; i += 1) await turn();
  };
  const runNext = async (limit: number): Promise<boolean> => {
    const task = due(limit);
    if (task === undefined) return false;
    tasks.delete(task);
    now = Math.max(now, task.at);
    task.run();
    await settle();
    return true;
  };
  return {
    now: () => now,
    schedule(delayMs, run) {
      const task = { at: now + Math.max(0, delayMs), order: (order += 1), run };
      tasks.add(task);
      return () => tasks.delete(task);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      while (await runNext(end));
      now = end;
    },
    settle,
    async until(done, limitMs = 60_000) {
      const end = now + limitMs;
      await settle();
      while (!done() && (await runNext(end)));
      return done();
    },
    pending: () => tasks.size,
  };
}

/** A repeatable sequence of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
