/**
 * One API request, without a socket: what an HTTP front or an in-process transport hands to the API server.
 * `path` includes the query; header names are lower-case.
 */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Ends a watch or another long answer. */
  readonly signal?: AbortSignal;
}

/** The answer. A watch is a body that goes on; whoever reads it sets the pace. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export type WireHandler = (request: WireRequest) => Promise<WireResponse>;

/**
 * A two-way conversation of binary messages inside one request (exec, attach, port-forward).
 * For `v5.channel.k8s.io` the first byte of a message is the channel (KEP-4006).
 */
export interface MessageStream {
  readonly incoming: AsyncIterable<Uint8Array>;
  send(message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
