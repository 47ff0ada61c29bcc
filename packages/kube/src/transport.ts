import type { MessageStream, WireRequest, WireResponse } from '@reeve/api';

/**
 * Carries requests to an API server. Everything above it is the same over HTTPS, a unix socket or inside one process.
 * A transport knows the server and the credentials; it does not interpret answers.
 */
export interface Transport {
  /** Rejects only when there is no answer; an error status is an answer. */
  request(request: WireRequest): Promise<WireResponse>;
  /** Opens a two-way conversation (exec, attach, port-forward) under one of the offered subprotocols. */
  stream?(request: WireRequest, protocols: readonly string[]): Promise<MessageStream>;
  close(): Promise<void>;
}
