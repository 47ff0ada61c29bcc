import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Where and what to list. */
export interface Target {
  readonly address: string;
  readonly ca: string;
  readonly token: string;
  readonly count: number;
}

/** What one client needed to hold everything in memory. */
export interface Measured {
  readonly importMs: number;
  readonly syncedMs: number;
  readonly cpuMs: number;
  readonly peakRSSMB: number;
  /** What came on top of the process with everything loaded. */
  readonly growthMB: number;
  readonly heapMB: number;
  readonly longestStallMs: number;
}

/** A client under test: once `start` resolves it holds as many objects as it says. */
export type Subject = (target: Target) => Promise<number>;

const megabyte = 2 ** 20;

/** Runs a subject in this child process for the target that the parent sends, and reports to it. */
export function measureInChild(load: () => Promise<Subject>): void {
  process.once('message', (target: Target) => {
    measure(load, target).then(
      (measured) => process.send?.(measured, undefined, undefined, () => process.exit()),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

/** Not `maxRSS`: over fork and exec that begins at what the parent had. */
function peakKilobytes(): number {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(peak?.[1]);
}

async function measure(load: () => Promise<Subject>, target: Target): Promise<Measured> {
  const begin = performance.now();
  const start = await load();
  const importMs = performance.now() - begin;
  globalThis.gc?.();
  const loadedRSS = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const held = await start(target);
  const syncedMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  // One more turn, so that a stall that ended with the sync is seen.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  delay.disable();
  if (held !== target.count) throw new RangeError(`${held} objects instead of ${target.count}`);
  const peakRSSMB = peakKilobytes() / 1024;
  globalThis.gc?.();
  return {
    importMs,
    syncedMs,
    cpuMs: (user + system) / 1000,
    peakRSSMB,
    growthMB: peakRSSMB - loadedRSS / megabyte,
    heapMB: process.memoryUsage().heapUsed / megabyte,
    longestStallMs: delay.max / 1e6,
  };
}
