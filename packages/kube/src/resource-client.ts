import type { KubeList, KubeObject, ResourceDescriptor, Status } from '@reeve/api';
import type { Scale } from '@reeve/api/autoscaling/v1';
import type {
  ApplyOptions,
  DecodeOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  Patch,
  PatchOptions,
  WatchOptions,
  WriteOptions,
} from './options.ts';
import type { Applied, Stored } from './stored.ts';
import type { WatchEvent } from './watch-event.ts';

/** Reads and writes objects of one resource, in one namespace or in all. */
export interface ResourceClient<T extends KubeObject> {
  readonly resource: ResourceDescriptor<T>;
  readonly namespace: string | undefined;
  get(name: string, options?: GetOptions): Promise<Stored<T>>;
  /** As `get`, with undefined instead of a NotFound error. */
  find(name: string, options?: GetOptions): Promise<Stored<T> | undefined>;
  /** One page, or everything when no limit is given. */
  list(options?: ListOptions): Promise<KubeList<Stored<T>>>;
  /** Every object, fetched in pages of `limit` (default 500). */
  listAll(options?: ListOptions): Promise<KubeList<Stored<T>>>;
  /** The pages one by one, decoded item by item without blocking the event loop. */
  pages(options?: ListOptions & DecodeOptions): AsyncIterable<KubeList<Stored<T>>>;
  create(object: T, options?: WriteOptions): Promise<Stored<T>>;
  /** Replaces the object; with `metadata.resourceVersion` only if it is still that version. */
  update(object: T, options?: WriteOptions): Promise<Stored<T>>;
  patch(name: string, patch: Patch, options?: PatchOptions): Promise<Stored<T>>;
  /** Server-side apply (KEP-555): sends exactly the fields that `fieldManager` wants to own. */
  apply(object: Applied<T>, options: ApplyOptions): Promise<Stored<T>>;
  /** The object if it lives on until finalizers or a grace period end, else a Status. */
  delete(name: string, options?: DeleteOptions): Promise<Stored<T> | Status>;
  deleteCollection(options?: ListOptions & DeleteOptions): Promise<void>;
  /** Goes on over any number of connections until aborted; throws when the server refuses, or 410 (`isExpired`). */
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** One watch connection; ends when the server closes it. */
  watchOnce(options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  readonly status: SubresourceClient<T, T>;
  readonly scale: SubresourceClient<Scale, Scale>;
}

/** A part of an object with its own endpoint. */
export interface SubresourceClient<T extends KubeObject, Body extends KubeObject> {
  get(name: string, options?: GetOptions): Promise<Stored<T>>;
  update(name: string, object: Body, options?: WriteOptions): Promise<Stored<T>>;
  patch(name: string, patch: Patch, options?: PatchOptions): Promise<Stored<T>>;
  apply(object: Applied<Body>, options: ApplyOptions): Promise<Stored<T>>;
}

/** One resource; without a namespace for cluster-wide resources and for lists over all namespaces. */
export interface ResourceApi<T extends KubeObject> extends ResourceClient<T> {
  in(namespace: string): ResourceClient<T>;
}
