import type { WireRequest, WireResponse } from '@reeve/api';
import { KubeError } from '@reeve/kube';
import type { Transport } from '@reeve/kube';

/** What goes wrong with one request. */
export type Fault =
  /** The server never hears of it. */
  | { readonly kind: 'lose-request' }
  /** It takes effect, but the answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** The server refuses. */
  | { readonly kind: 'refuse'; readonly status: number; readonly retryAfter?: number }
  /** The answer's body breaks off after this many chunks. */
  | { readonly kind: 'break'; readonly afterChunks: number };

const lost = (request: WireRequest, what: string): KubeError =>
  new KubeError('ConnectionFailed', `${request.method} ${request.path}: the ${what} was lost`);

function refusal({ status, retryAfter }: { readonly status: number; readonly retryAfter?: number }): WireResponse {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: status,
    message: 'injected fault',
  };
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body));
    })(),
  };
}

async function* broken(
  request: WireRequest,
  body: AsyncIterable<Uint8Array>,
  afterChunks: number,
): AsyncGenerator<Uint8Array> {
  let chunks = 0;
  for await (const chunk of body) {
    if (chunks === afterChunks) break;
    chunks += 1;
    yield chunk;
  }
  throw lost(request, 'rest of the answer');
}

const streams = (transport: Transport): transport is Required<Transport> => transport.stream !== undefined;

/** A transport on which things go wrong: `decide` is asked before each request. */
export function faultTransport(transport: Transport, decide: (request: WireRequest) => Fault | undefined): Transport {
  return {
    async request(request) {
      const fault = decide(request);
      if (fault?.kind === 'lose-request') throw lost(request, 'request');
      if (fault?.kind === 'refuse') return refusal(fault);
      const response = await transport.request(request);
      if (fault?.kind === 'lose-answer') throw lost(request, 'answer');
      if (fault?.kind === 'break') return { ...response, body: broken(request, response.body, fault.afterChunks) };
      return response;
    },
    ...(streams(transport) ? { stream: (request, protocols) => transport.stream(request, protocols) } : {}),
    close: () => transport.close(),
  };
}
