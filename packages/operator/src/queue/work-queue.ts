import type { Clock } from '@reeve/api';
import { DueHeap } from './due-heap.ts';
import { ReadyBands } from './ready-bands.ts';

/** Priority of what nobody waits for: initial lists and resyncs. */
export const lowPriority = -100;

export interface AddOptions {
  /** Higher goes first; default 0. */
  readonly priority?: number;
  readonly afterMs?: number;
}

/** A key to work on; `done` must follow. */
export interface QueueItem {
  readonly key: string;
  readonly priority: number;
  /** How long it was ready before a worker took it. */
  readonly waitedMs: number;
}

/** Hears what the queue does, for metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  depth(depths: ReadonlyMap<number, number>): void;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
  readonly observer?: QueueObserver;
}

interface Waiting {
  readonly key: string;
  readonly at: number;
  readonly priority: number;
}

/**
 * client-go's workqueue: a key is never handed to two workers at once, any number of adds while it waits are one, and
 * adds while it is worked on make it come up exactly once more. On top: priorities, delays and backoff per key. Added
 * again, a key keeps the higher priority and the earlier time.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #minBackoffMs: number;
  readonly #maxBackoffMs: number;
  readonly #observer: QueueObserver | undefined;
  readonly #ready = new ReadyBands();
  readonly #processing = new Set<string>();
  /** Added while being worked on: the priority with which they come up again. */
  readonly #again = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #due = new DueHeap<Waiting>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((item: QueueItem | undefined) => void)[] = [];
  #cancelTimer: (() => void) | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor({ clock, minBackoffMs = 100, maxBackoffMs = 300_000, observer }: WorkQueueOptions) {
    this.#clock = clock;
    this.#minBackoffMs = minBackoffMs;
    this.#maxBackoffMs = maxBackoffMs;
    this.#observer = observer;
  }

  /** Keys that are ready (or will be, once their worker is done with them). */
  get length(): number {
    return this.#ready.size + this.#again.size;
  }

  /** Keys that are being worked on. */
  get active(): number {
    return this.#processing.size;
  }

  /** Keys that wait for their time. */
  get delayed(): number {
    return this.#waiting.size;
  }

  add(key: string, { priority = 0, afterMs = 0 }: AddOptions = {}): void {
    if (this.#closed) return;
    if (afterMs > 0) this.#addLater(key, this.#clock.now() + afterMs, priority);
    else this.#addNow(key, priority);
  }

  /** Adds a key after a delay that doubles with each failure since `forget`; gives the delay. */
  addFailed(key: string, priority?: number): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delay = Math.min(this.#minBackoffMs * 2 ** Math.min(failures, 50), this.#maxBackoffMs);
    this.#observer?.retried();
    this.add(key, { afterMs: delay, ...(priority === undefined ? {} : { priority }) });
    return delay;
  }

  /** The next failure of this key counts as its first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The next key, once there is one; undefined when the queue is closed. */
  get(): Promise<QueueItem | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const item = this.#take();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
    });
  }

  /** The worker is finished with the key. */
  done(key: string): void {
    this.#processing.delete(key);
    const priority = this.#again.get(key);
    if (priority === undefined) return;
    this.#again.delete(key);
    this.#push(key, priority);
  }

  /** Takes nothing in and gives nothing out any more; workers that wait get undefined. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #addNow(key: string, priority: number): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    this.#makeReady(key, Math.max(priority, waiting?.priority ?? priority));
  }

  #makeReady(key: string, priority: number): void {
    if (this.#processing.has(key)) {
      this.#again.set(key, Math.max(priority, this.#again.get(key) ?? priority));
      return;
    }
    const ready = this.#ready.get(key);
    if (ready !== undefined && ready.priority >= priority) return;
    const since = this.#ready.remove(key)?.since;
    this.#push(key, priority, since);
  }

  #push(key: string, priority: number, since: number = this.#clock.now()): void {
    if (this.#closed) return;
    this.#ready.add({ key, priority, since });
    this.#observer?.added();
    this.#serve();
  }

  #addLater(key: string, at: number, priority: number): void {
    if (this.#ready.get(key) !== undefined) {
      this.#makeReady(key, priority);
      return;
    }
    const present = this.#waiting.get(key);
    const merged: Waiting = {
      key,
      at: Math.min(at, present?.at ?? at),
      priority: Math.max(priority, present?.priority ?? priority),
    };
    this.#waiting.set(key, merged);
    this.#due.push(merged);
    this.#setTimer();
  }

  #setTimer(): void {
    const next = this.#due.peek();
    if (next === undefined || this.#closed || next.at >= this.#timerAt) return;
    this.#cancelTimer?.();
    this.#timerAt = next.at;
    this.#cancelTimer = this.#clock.schedule(Math.max(0, next.at - this.#clock.now()), () => this.#ring());
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    for (let next = this.#due.peek(); next !== undefined && next.at <= now; next = this.#due.peek()) {
      this.#due.pop();
      // Replaced or withdrawn entries stay in the heap until their time and are skipped then.
      if (this.#waiting.get(next.key) !== next) continue;
      this.#waiting.delete(next.key);
      this.#makeReady(next.key, next.priority);
    }
    this.#setTimer();
  }

  #take(): QueueItem | undefined {
    const item = this.#ready.take();
    if (item === undefined) return undefined;
    this.#processing.add(item.key);
    this.#observer?.depth(this.#ready.depths());
    return { key: item.key, priority: item.priority, waitedMs: this.#clock.now() - item.since };
  }

  #serve(): void {
    while (this.#takers.length > 0 && this.#ready.size > 0) this.#takers.shift()?.(this.#take());
    this.#observer?.depth(this.#ready.depths());
  }
}
