import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { WireHandler, WireRequest, WireResponse } from '@reeve/api';
import { WholeBody } from '../pipeline/body.ts';
import { statusResponse } from '../pipeline/responses.ts';
import { clientCertificateHeader } from './client-certificate.ts';

const closed = 'the connection is closed';

/** kube-apiserver's limit on request bodies. */
const maxBodyBytes = 3 * 1024 * 1024;

/** Serves one request: reads the body, asks the handler, writes the answer at the client's pace. */
export async function serveRequest(
  handler: WireHandler,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ended = new AbortController();
  // A reason of our own: without one each request would pay for an exception that nobody sees.
  response.on('close', () => ended.abort(closed));
  response.on('error', () => ended.abort(closed));
  try {
    const body = await readBody(message);
    if (body === undefined) {
      response.shouldKeepAlive = false;
      await send(response, tooLarge(), ended.signal);
      return;
    }
    await send(response, await handler({ ...wireHead(message), body, signal: ended.signal }), ended.signal);
  } catch {
    // The connection broke or the body of the answer failed: what was sent can't be taken back.
    response.destroy();
  }
}

/** Method, path and headers of a request; a checked client certificate becomes a header that clients cannot send. */
export function wireHead(message: IncomingMessage): WireRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  const { method = 'GET', url = '/' } = message;
  return { method, path: url, headers: { ...headers, ...clientCertificateHeader(message.socket as TLSSocket) } };
}

async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

function tooLarge(): WireResponse {
  return statusResponse({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Request entity is too large: limit is ${maxBodyBytes}`,
    reason: 'RequestEntityTooLarge',
    code: 413,
  });
}

async function send(response: ServerResponse, answer: WireResponse, ended: AbortSignal): Promise<void> {
  for (const [name, value] of Object.entries(answer.headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.statusCode = answer.status;
  if (answer.body instanceof WholeBody) {
    const { bytes } = answer.body;
    response.setHeader('content-length', bytes.length);
    response.end(bytes);
    return;
  }
  response.flushHeaders();
  for await (const chunk of answer.body) {
    if (ended.aborted) return;
    if (!response.write(chunk)) await once(response, 'drain', { signal: ended });
  }
  response.end();
}
