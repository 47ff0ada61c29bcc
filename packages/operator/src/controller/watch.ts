import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import type { CacheOptions, Cached } from '../cache/cached.ts';
import type { Reader } from '../cache/reader.ts';
import type { ObjectKey } from '../object-key.ts';

/** How an object changed. `old` is the cached object before it. */
export interface Change<T extends KubeObject> {
  readonly type: 'added' | 'updated' | 'deleted';
  readonly object: Stored<T>;
  readonly old: Stored<T> | undefined;
  /** Part of the initial list, not news. */
  readonly initial: boolean;
}

export interface WatchSourceOptions<T extends KubeObject> extends CacheOptions<T> {
  /** The keys of the controller's objects that this change concerns. */
  map(object: Stored<T>, context: { readonly read: Reader; readonly change: Change<T> }): readonly ObjectKey[];
  /** Changes that matter; default all. */
  when?(change: Change<T>): boolean;
}

/** A resource whose changes lead to reconciles of other objects. */
export interface WatchSource extends Cached {
  readonly options: WatchSourceOptions<KubeObject>;
}

/** Declares a watch: `watch(Secret, { map: (secret, { read }) => keysThatUse(secret) })`. */
export function watch<T extends KubeObject>(
  resource: ResourceDescriptor<T>,
  options: WatchSourceOptions<T>,
): WatchSource {
  return { resource, cache: options, options };
}
