import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import type { Client, Stored, WatchEvent } from '@reeve/kube';
import type { Change } from '../controller/watch.ts';
import type { Log } from '../log.ts';
import { keyOf, keyText } from '../object-key.ts';
import type { CacheOptions } from './cached.ts';
import { ObjectStore } from './object-store.ts';
import { reflect } from './reflector.ts';
import type { Filling } from './reflector.ts';
import { compareVersions, laterVersion } from './resource-version.ts';

export interface InformerOptions<T extends KubeObject> {
  readonly client: Client;
  readonly resource: ResourceDescriptor<T>;
  readonly cache: CacheOptions<T>;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

interface ChangeCallbacks<T extends KubeObject> {
  handle(change: Change<T>): void;
}

/** Hears of changes. */
export type ChangeHandler<T extends KubeObject> = ChangeCallbacks<T>['handle'];

/**
 * Keeps one resource in memory, shared by all who declared the same cache. Handlers hear of every change after it is in
 * the store; one that throws is logged and hinders nobody.
 */
export class Informer<T extends KubeObject> {
  readonly resource: ResourceDescriptor<T>;
  readonly cache: CacheOptions<T>;
  readonly store: ObjectStore<T>;
  readonly #options: InformerOptions<T>;
  readonly #log: Log;
  readonly #handlers: ChangeHandler<T>[] = [];
  readonly #progress = new Set<() => void>();
  readonly #synced = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  #version = '';
  #isSynced = false;
  #lastError: unknown;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.resource = options.resource;
    this.cache = options.cache;
    this.#log = options.log.with({ resource: options.resource.plural, group: options.resource.group });
    this.store = new ObjectStore(options.cache.parsed);
    this.#addIndexes(options.cache);
  }

  /** Everything up to this version is in the store. */
  get version(): string {
    return this.#version;
  }

  /** True once the first state is in the store and every handler has heard of it. */
  get synced(): boolean {
    return this.#isSynced;
  }

  /** Why the last attempt to list or watch failed, until one succeeds. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Takes in what another declaration of the same selection wants of the store. */
  share(cache: CacheOptions<T>): void {
    this.store.keepParsed(cache.parsed);
    this.#addIndexes(cache);
  }

  #addIndexes({ indexes = {} }: CacheOptions<T>): void {
    for (const [name, indexer] of Object.entries(indexes)) this.store.addIndex(name, indexer);
  }

  /** Objects that are already there are reported as added. */
  addHandler(handler: ChangeHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.store.values()) {
      this.#call(handler, { type: 'added', object, old: undefined, initial: true });
    }
  }

  whenSynced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Calls back after each step forward of `version`, until the returned function is called. */
  onProgress(listener: () => void): () => void {
    this.#progress.add(listener);
    return () => this.#progress.delete(listener);
  }

  /** Ends it; what is in the store stays there. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Runs until the signal aborts or `stop` is called. */
  async run(signal: AbortSignal): Promise<void> {
    const { client, resource, cache, clock, random } = this.#options;
    const api = cache.namespace === undefined ? client.of(resource) : client.of(resource).in(cache.namespace);
    const { labelSelector, fieldSelector, metadataOnly } = cache;
    const select = {
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(metadataOnly === undefined ? {} : { metadataOnly }),
    };
    const sink = {
      fill: () => this.#fill(),
      apply: (event: WatchEvent<T>) => this.#apply(event),
      failed: (error: unknown) => this.#failed(error),
    };
    await reflect({ api, select, sink, clock, random, signal: AbortSignal.any([signal, this.#stopping.signal]) });
  }

  #failed(error: unknown): void {
    this.#lastError = error;
    this.#log.warn('the cache cannot follow the server; trying again', { error });
  }

  /** Objects go into the store as they come: a whole state is never in memory twice. */
  #fill(): Filling<T> {
    const initial = !this.#isSynced;
    const gone = new Set(this.store.keys());
    return {
      take: (object) => {
        gone.delete(keyText(keyOf(object)));
        this.#put(object, initial);
      },
      leave: (object) => gone.add(keyText(keyOf(object))),
      end: (version) => {
        for (const key of gone) this.#delete(key, undefined);
        this.#lastError = undefined;
        // Exactly this version: a server that was set up anew may have begun to count again.
        this.#version = '';
        this.#advance(version);
        if (!initial) return;
        this.#isSynced = true;
        this.#synced.resolve();
      },
    };
  }

  #apply(event: WatchEvent<T>): void {
    this.#lastError = undefined;
    if (event.type === 'BOOKMARK') {
      this.#advance(event.resourceVersion);
      return;
    }
    if (event.type === 'DELETED') this.#delete(keyText(keyOf(event.object)), event.object);
    else this.#put(event.object, false);
    this.#advance(event.object.metadata.resourceVersion);
  }

  #put(received: Stored<T>, initial: boolean): void {
    const key = keyText(keyOf(received));
    const known = this.store.stamp(key);
    // Seen already: a resumed watch may repeat itself.
    if (
      known?.uid === received.metadata.uid &&
      compareVersions(known.resourceVersion, received.metadata.resourceVersion) >= 0
    ) {
      return;
    }
    const object = this.#options.cache.transform?.(received) ?? received;
    const old = this.store.put(object, { cold: initial });
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) {
      // Deleted and made again while we did not look.
      this.#emit({ type: 'deleted', object: old, old, initial: false });
      this.#emit({ type: 'added', object, old: undefined, initial });
      return;
    }
    this.#emit({ type: old === undefined ? 'added' : 'updated', object, old, initial });
  }

  #delete(key: string, last: Stored<T> | undefined): void {
    const old = this.store.delete(key);
    const object = last ?? old;
    if (old !== undefined && object !== undefined) this.#emit({ type: 'deleted', object, old, initial: false });
  }

  #emit(change: Change<T>): void {
    for (const handler of this.#handlers) this.#call(handler, change);
  }

  #call(handler: ChangeHandler<T>, change: Change<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.#log.error('a handler of changes threw; the change is lost to it', {
        key: keyText(keyOf(change.object)),
        error,
      });
    }
  }

  #advance(version: string): void {
    this.#version = laterVersion(this.#version, version);
    for (const listener of this.#progress) listener();
  }
}
