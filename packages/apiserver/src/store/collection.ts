import type { Stored } from './stored.ts';

/** What a write did. `previous` is absent for a new object, `current` for a deleted one, which `last` shows. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly current: Stored | undefined;
  readonly previous: Stored | undefined;
  /** The object as the event shows it: for a deletion the last state with the revision of the deletion. */
  readonly shown: Stored;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
}

/** So many events stay however old they are, as in kube-apiserver's watch cache. */
const minEvents = 1000;
/** Bounds of what a busy collection may remember: a watcher that is further behind starts again with a list. */
const maxEvents = 50_000;
const maxHistorySize = 64 * 1024 * 1024;

function sizeOf(events: readonly StoreEvent[]): number {
  return events.reduce((sum, { shown }) => sum + shown.json.length, 0);
}

/** Compares as bytes; keys are ASCII but for a few kinds, where UTF-16 order is near enough. */
function position(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The objects of one resource in key order, and the events that led there, as far back as they are kept. */
export class Collection {
  readonly #byKey = new Map<string, Stored>();
  readonly #keys: string[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #history: StoreEvent[] = [];
  /** Characters of JSON that the history holds. */
  #historySize = 0;
  /** Events up to this revision are forgotten. */
  #forgotten: number;

  constructor(forgotten: number) {
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  get(key: string): Stored | undefined {
    return this.#byKey.get(key);
  }

  /** Puts an object in without an event, while a store is read back. */
  load(stored: Stored): void {
    this.#place(stored.key, stored);
  }

  unload(key: string): void {
    this.#place(key, undefined);
  }

  apply(event: StoreEvent): void {
    this.#place(event.shown.key, event.current);
    this.#history.push(event);
    this.#historySize += event.shown.json.length;
    if (this.#history.length > maxEvents || this.#historySize > maxHistorySize) this.#trim();
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Objects whose key begins with `prefix` and comes after `after`, in order. */
  *scan(prefix: string, after = ''): IterableIterator<Stored> {
    const start = after > prefix ? after : prefix;
    for (let at = position(this.#keys, start); at < this.#keys.length; at += 1) {
      const key = this.#keys[at] ?? '';
      if (!key.startsWith(prefix)) return;
      const stored = this.#byKey.get(key);
      if (stored !== undefined && key !== after) yield stored;
    }
  }

  /** The objects as they were at a revision that is not forgotten, in order. */
  scanAt(prefix: string, revision: number, after = ''): Iterable<Stored> {
    const newer = this.since(revision);
    if (newer.length === 0) return this.scan(prefix, after);
    const then = new Map<string, Stored>();
    for (const stored of this.scan(prefix, after)) then.set(stored.key, stored);
    for (const { shown, previous } of newer.toReversed()) {
      if (!shown.key.startsWith(prefix) || shown.key <= after) continue;
      if (previous === undefined) then.delete(shown.key);
      else then.set(shown.key, previous);
    }
    return [...then.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Events newer than a revision, oldest first. */
  since(revision: number): readonly StoreEvent[] {
    let at = this.#history.length;
    while (at > 0 && (this.#history[at - 1]?.revision ?? 0) > revision) at -= 1;
    return this.#history.slice(at);
  }

  /** Forgets events before `horizon` (ms), but for the newest ones. */
  forget(horizon: number): void {
    let drop = 0;
    while (drop < this.#history.length - minEvents && (this.#history[drop]?.at ?? horizon) < horizon) drop += 1;
    this.#drop(drop);
  }

  /** Drops a tenth more than it must, so that not every event pays for it. */
  #trim(): void {
    const size = maxHistorySize * 0.9;
    let drop = Math.max(0, this.#history.length - Math.floor(maxEvents * 0.9));
    let left = this.#historySize - sizeOf(this.#history.slice(0, drop));
    for (; left > size && drop < this.#history.length - 1; drop += 1)
      left -= this.#history[drop]?.shown.json.length ?? 0;
    this.#drop(drop);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#forgotten = this.#history[count - 1]?.revision ?? this.#forgotten;
    this.#historySize -= sizeOf(this.#history.slice(0, count));
    this.#history = this.#history.slice(count);
  }

  #place(key: string, stored: Stored | undefined): void {
    const had = this.#byKey.has(key);
    if (stored === undefined) {
      if (had) this.#keys.splice(position(this.#keys, key), 1);
      this.#byKey.delete(key);
      return;
    }
    if (!had) this.#keys.splice(position(this.#keys, key), 0, key);
    this.#byKey.set(key, stored);
  }
}
