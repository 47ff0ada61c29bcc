import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Stored } from '@reeve/kube';

/** Method notation: a cache of pods is a cache of objects that is only ever handed pods. */
interface CacheCallbacks<T extends KubeObject> {
  index(object: Stored<T>): readonly string[];
  transform(object: Stored<T>): Stored<T>;
}

/** The values under which an object is found in an index. */
export type Indexer<T extends KubeObject> = CacheCallbacks<T>['index'];

/** What part of a resource is kept in memory, and how. Controllers that declare the same share one informer. */
export interface CacheOptions<T extends KubeObject> {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Keeps metadata only: spec and status are not even sent. */
  readonly metadataOnly?: boolean;
  /** Drops what nobody reads, before the object is kept. */
  readonly transform?: CacheCallbacks<T>['transform'];
  readonly indexes?: Readonly<Record<string, Indexer<T>>>;
  /**
   * How many objects are kept parsed, those used last; default 1000. Any more are kept as compressed text: a tenth of the
   * memory, but some 100 µs for a read. `Infinity` for a large kind that is listed whole again and again.
   */
  readonly parsed?: number;
}

/** A resource to keep in memory. */
export interface Cached {
  readonly resource: ResourceDescriptor;
  readonly cache: CacheOptions<KubeObject>;
}

/** Declares a resource that a controller reads or owns, with options for its cache. */
export function cached<T extends KubeObject>(resource: ResourceDescriptor<T>, cache: CacheOptions<T> = {}): Cached {
  return { resource, cache };
}
