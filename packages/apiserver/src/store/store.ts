import type { Clock } from '@reeve/api';
import type { ObjectValue } from '../value.ts';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import { Collection } from './collection.ts';
import type { StoreEvent } from './collection.ts';
import { Stored } from './stored.ts';

/** Where writes are kept over restarts. */
export interface Journal {
  /** Takes a write; `json` absent means deleted. */
  append(entry: JournalEntry): void;
  /** Resolves once everything appended so far is on disk. */
  flushed(): Promise<void>;
  close(): Promise<void>;
  /** Set once writes can be kept no more. */
  readonly failure: StatusError | undefined;
  onFailure(listener: (failure: StatusError) => void): void;
}

export interface JournalEntry {
  readonly collection: string;
  readonly key: string;
  readonly revision: number;
  readonly json: string | undefined;
}

export interface StoreOptions {
  readonly clock: Clock;
  readonly journal?: Journal;
  /** Milliseconds between compactions. */
  readonly compactionInterval: number;
}

/** Version 1 is what clients ask for when they mean "long ago": it must be older than all that is known. */
const firstRevision = 2;

/** etcd's limit on a request. */
const maxObjectBytes = 1536 * 1024;

/** As kube-apiserver's watch cache: events of the last 75 s stay. */
const historyMs = 75_000;

/**
 * All objects, versioned by one integer that rises with each write (as etcd's revision does). Reads and writes are
 * synchronous, so that a compare and the write after it are one step; `durable()` tells when they are on disk.
 */
export class Store {
  readonly #options: StoreOptions;
  readonly #collections = new Map<string, Collection>();
  readonly #first: number;
  #revision: number;
  #compacted: number;
  #next: number;
  #cancel: () => void = () => {};

  /** `revision` is the newest one that was ever given to a client. */
  constructor(options: StoreOptions, revision: number = firstRevision) {
    this.#options = options;
    this.#first = revision;
    this.#revision = revision;
    this.#compacted = revision - 1;
    this.#next = revision;
    this.#schedule();
  }

  get revision(): number {
    return this.#revision;
  }

  /** Lists at exactly this revision or an older one are refused. */
  get compacted(): number {
    return this.#compacted;
  }

  collection(name: string): Collection {
    const found = this.#collections.get(name);
    if (found !== undefined) return found;
    const made = new Collection(this.#first);
    this.#collections.set(name, made);
    return made;
  }

  get(collection: string, key: string): Stored | undefined {
    return this.collection(collection).get(key);
  }

  /** All objects under a key prefix (`namespace/`, or '' for all). */
  scan(collection: string, prefix = ''): Iterable<Stored> {
    return this.collection(collection).scan(prefix);
  }

  subscribe(collection: string, listener: (event: StoreEvent) => void): () => void {
    return this.collection(collection).subscribe(listener);
  }

  /**
   * Writes an object, setting its resourceVersion, if the newest version is `expected` (undefined: there is none).
   * Gives undefined if it is not: the caller reads again. The object is the caller's no more.
   */
  put(collection: string, key: string, object: ObjectValue, expected: Stored | undefined): Stored | undefined {
    const previous = this.get(collection, key);
    if (previous !== expected) return undefined;
    const revision = this.#revision + 1;
    metadataOf(object)['resourceVersion'] = String(revision);
    const current = Stored.of(key, revision, object);
    if (Buffer.byteLength(current.json) > maxObjectBytes) throw tooLarge();
    this.#revision = revision;
    this.#commit(collection, {
      type: previous === undefined ? 'ADDED' : 'MODIFIED',
      revision,
      current,
      previous,
      shown: current,
      at: this.#options.clock.now(),
    });
    return current;
  }

  /** Deletes if the newest version is `expected`; the event shows it with the revision of the deletion. */
  delete(collection: string, key: string, expected: Stored): Stored | undefined {
    if (this.get(collection, key) !== expected) return undefined;
    const revision = this.#revision + 1;
    const object = expected.object();
    metadataOf(object)['resourceVersion'] = String(revision);
    const shown = Stored.of(key, revision, object);
    const at = this.#options.clock.now();
    this.#revision = revision;
    this.#commit(collection, { type: 'DELETED', revision, current: undefined, previous: expected, shown, at });
    return shown;
  }

  /** Resolves once all writes so far would survive a crash. */
  async durable(): Promise<void> {
    await this.#options.journal?.flushed();
  }

  /** Why this store must not be read or written any more: it may hold writes that could not be kept. */
  get failure(): StatusError | undefined {
    return this.#options.journal?.failure;
  }

  onFailure(listener: (failure: StatusError) => void): void {
    this.#options.journal?.onFailure(listener);
  }

  /** Puts back what a journal kept, oldest first. */
  load(entries: Iterable<JournalEntry>): void {
    for (const { collection, key, revision, json } of entries) {
      if (json === undefined) this.collection(collection).unload(key);
      else this.collection(collection).load(Stored.fromText(key, revision, json));
    }
  }

  /** All objects as a journal keeps them. */
  entries(): JournalEntry[] {
    const entries: JournalEntry[] = [];
    for (const [collection, objects] of this.#collections) {
      for (const { key, revision, json } of objects.scan('')) entries.push({ collection, key, revision, json });
    }
    return entries;
  }

  /** Forgets versions that were old one interval ago, as etcd's compaction by the API server does. */
  compact(): void {
    this.#compacted = Math.max(this.#compacted, this.#next - 1);
    this.#next = this.#revision;
    const horizon = this.#options.clock.now() - historyMs;
    for (const collection of this.#collections.values()) collection.forget(horizon);
  }

  async stop(): Promise<void> {
    this.#cancel();
    await this.#options.journal?.close();
  }

  #commit(collection: string, event: StoreEvent): void {
    const { revision, current, shown } = event;
    this.#options.journal?.append({ collection, key: shown.key, revision, json: current?.json });
    this.collection(collection).apply(event);
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.schedule(this.#options.compactionInterval, () => {
      this.compact();
      this.#schedule();
    });
  }
}

const tooLarge = (): Error => statusError(500, '', 'etcdserver: request is too large');
