import { sleep } from '@reeve/api';
import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import { isExpired } from '@reeve/kube';
import type { Client, SelectOptions, Stored, WatchEvent } from '@reeve/kube';

import { messageOf } from '../node-error.ts';

const retryMs = 1000;

/** Told about each change: the object as it is, or undefined when it is gone, and what it was before. */
export type CacheListener<T extends KubeObject> = (
  current: Stored<T> | undefined,
  previous: Stored<T> | undefined,
) => void;

/** The objects of one resource, kept current by a watch. Starts over by itself after errors. */
export class ObjectCache<T extends KubeObject> {
  readonly #client: Client;
  readonly #resource: ResourceDescriptor<T>;
  readonly #select: SelectOptions & { readonly namespace?: string };
  readonly #objects = new Map<string, Stored<T>>();
  readonly #listeners = new Set<CacheListener<T>>();
  readonly #stopped = new AbortController();
  readonly #onError: (message: string) => void;
  /** Resolves when the present state has been read once. */
  readonly synced: Promise<void>;
  #markSynced: () => void = () => undefined;

  constructor(
    client: Client,
    resource: ResourceDescriptor<T>,
    onError: (message: string) => void,
    select: SelectOptions & { readonly namespace?: string } = {},
  ) {
    this.#onError = onError;
    this.#client = client;
    this.#resource = resource;
    this.#select = select;
    this.synced = new Promise((resolve) => (this.#markSynced = resolve));
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
  }

  get(namespace: string, name: string): Stored<T> | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  values(): Iterable<Stored<T>> {
    return this.#objects.values();
  }

  onChange(listener: CacheListener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        await this.#listAndWatch(signal);
      } catch (error) {
        if (signal.aborted) return;
        // Refused, gone or unreachable: read everything again, after a pause.
        if (!isExpired(error)) this.#onError(`cannot watch ${this.#resource.plural}: ${messageOf(error)}`);
        await sleep(this.#client.clock, retryMs, signal).catch(() => undefined);
      }
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<void> {
    const { namespace, ...select } = this.#select;
    const api = this.#client.of(this.#resource);
    const resource = namespace === undefined ? api : api.in(namespace);
    const list = await resource.listAll({ ...select, signal });
    this.#replaceAll(list.items);
    this.#markSynced();
    const from = list.metadata.resourceVersion;
    for await (const event of resource.watch({
      ...select,
      signal,
      ...(from === undefined ? {} : { resourceVersion: from }),
    })) {
      this.#apply(event);
    }
  }

  #replaceAll(items: readonly Stored<T>[]): void {
    const present = new Set(items.map((item) => keyOfObject(item)));
    for (const [key, object] of this.#objects) {
      if (!present.has(key)) this.#set(key, undefined, object);
    }
    for (const item of items) {
      const key = keyOfObject(item);
      const previous = this.#objects.get(key);
      if (previous?.metadata.resourceVersion !== item.metadata.resourceVersion) this.#set(key, item, previous);
    }
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK') return;
    const key = keyOfObject(event.object);
    this.#set(key, event.type === 'DELETED' ? undefined : event.object, this.#objects.get(key));
  }

  #set(key: string, current: Stored<T> | undefined, previous: Stored<T> | undefined): void {
    if (current === undefined) this.#objects.delete(key);
    else this.#objects.set(key, current);
    for (const listener of this.#listeners) listener(current, previous);
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function keyOfObject({
  metadata,
}: {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}): string {
  return keyOf(metadata.namespace ?? '', metadata.name);
}
