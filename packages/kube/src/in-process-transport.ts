import type { MessageStream, WireHandler, WireRequest } from '@reeve/api';
import type { Transport } from './transport.ts';

/** Calls an API server's handler directly: no sockets, no timing but the server's own. */
export function inProcessTransport(
  handler: WireHandler,
  stream?: (request: WireRequest, protocols: readonly string[]) => Promise<MessageStream>,
): Transport {
  return {
    request: (request) => handler(request),
    ...(stream === undefined ? {} : { stream }),
    close: () => Promise.resolve(),
  };
}
