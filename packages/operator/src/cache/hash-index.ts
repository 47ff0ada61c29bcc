import type { KubeObject } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import type { Indexer } from './cached.ts';

/** Finds the keys of objects by a value derived from them. */
export class HashIndex<T extends KubeObject> {
  readonly indexer: Indexer<T>;
  readonly #keys = new Map<string, Set<string>>();

  constructor(indexer: Indexer<T>) {
    this.indexer = indexer;
  }

  /** Keys under a value, in the order in which they came. */
  get(value: string): Iterable<string> {
    return this.#keys.get(value) ?? [];
  }

  add(key: string, object: Stored<T>): void {
    for (const value of this.indexer(object)) {
      const keys = this.#keys.get(value);
      if (keys === undefined) this.#keys.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  remove(key: string, object: Stored<T>): void {
    for (const value of this.indexer(object)) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(value);
    }
  }
}
