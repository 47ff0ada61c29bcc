import type { Clock, KubeObject, Random, ResourceDescriptor, WireResponse } from '@reeve/api';
import type { Impersonation } from './connection.ts';
import type { RequestOptions } from './options.ts';
import type { PodsClient } from './pods/pods-types.ts';
import type { ResourceApi } from './resource-client.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  /** What the server's audit log and metrics show; default `reeve`. */
  readonly userAgent?: string;
  readonly impersonate?: Impersonation;
}

/** One finished request. `code` is 0 when no answer came. */
export interface ObservedRequest {
  readonly method: string;
  readonly path: string;
  readonly code: number;
  readonly seconds: number;
  readonly retry: boolean;
}

/** A typed client for every resource of one API server. */
export interface Client {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  of<T extends KubeObject>(resource: ResourceDescriptor<T>): ResourceApi<T>;
  /** Logs, exec and eviction. */
  pods(namespace: string): PodsClient;
  /** Any path: `/version`, `/readyz`, discovery. Throws `ApiError` on an error status. */
  raw(method: string, path: string, options?: RequestOptions & { readonly body?: unknown }): Promise<WireResponse>;
  /** As `raw` with GET, decoded. */
  json<T>(path: string, options?: RequestOptions): Promise<T>;
  /** Tells of each finished request, for metrics, until the returned function is called. */
  observe(listener: (observed: ObservedRequest) => void): () => void;
  close(): Promise<void>;
}
