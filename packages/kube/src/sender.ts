import { sleep } from '@reeve/api';
import type { Clock, Random, WireResponse } from '@reeve/api';
import { errorFrom } from './answer-error.ts';
import { ApiError } from './api-error.ts';
import { parseAnswer, readBody } from './body.ts';
import type { ObservedRequest } from './client.ts';
import { startDeadline } from './deadline.ts';
import { KubeError } from './kube-error.ts';
import type { Transport } from './transport.ts';

/** One API call. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly accept?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** Doing it twice is as good as once; default: by method. */
  readonly idempotent?: boolean;
}

/** Sends calls over a transport: headers, timeouts, retries, errors. */
export interface Sender {
  /** Resolves with the answer's head; the timeout covers that only. Error statuses are thrown. */
  open(call: Call): Promise<WireResponse>;
  /** The decoded answer. */
  fetch(call: Call): Promise<Buffer>;
  json(call: Call): Promise<unknown>;
}

export interface SenderOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly headers: Readonly<Record<string, string>>;
  readonly onRequest: (observed: ObservedRequest) => void;
}

const defaultTimeoutMs = 60_000;
const maxTries = 5;
const maxRetryAfterSeconds = 30;
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
/** A keep-alive connection that the server closed just as we used it. */
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const nameOf = ({ method, path }: Call): string => `${method} ${path}`;
const isIdempotent = (call: Call): boolean => call.idempotent ?? idempotentMethods.has(call.method);

function encode(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
}

function causeCode(error: unknown): unknown {
  return error instanceof KubeError ? (error.cause as { readonly code?: unknown } | undefined)?.code : undefined;
}

/** Milliseconds to wait before the same call is worth another try; undefined when it is not. */
function retryDelay(call: Call, error: unknown, random: Random): number | undefined {
  if (!isIdempotent(call)) return undefined;
  if (error instanceof ApiError) {
    const overloaded = error.code === 429 || error.code >= 500;
    if (!overloaded || error.retryAfter === undefined) return undefined;
    return Math.min(error.retryAfter, maxRetryAfterSeconds) * 1000 * (1 + random() / 4);
  }
  const harmless = call.method === 'GET' || call.idempotent === true;
  return harmless && brokenConnection.has(String(causeCode(error))) ? 100 * (1 + random()) : undefined;
}

function connectionError(call: Call, cause: unknown): KubeError {
  if (cause instanceof KubeError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KubeError('ConnectionFailed', `${nameOf(call)} got no answer: ${why}`, { cause });
}

/** Makes a sender. */
export function createSender({ transport, clock, random, headers, onRequest }: SenderOptions): Sender {
  async function attempt(call: Call, signal: AbortSignal): Promise<WireResponse> {
    try {
      return await transport.request({
        method: call.method,
        path: call.path,
        headers: {
          ...headers,
          accept: call.accept ?? 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: encode(call.body) }),
        signal,
      });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw connectionError(call, cause);
    }
  }

  async function once<T>(call: Call, tries: number, use: (response: WireResponse) => Promise<T>): Promise<T> {
    const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
    const late = (): KubeError => new KubeError('Timeout', `${nameOf(call)} took longer than ${timeoutMs} ms`);
    const deadline = startDeadline(clock, timeoutMs, late, call.signal);
    const begin = clock.now();
    let code = 0;
    try {
      const response = await attempt(call, deadline.signal);
      code = response.status;
      if (response.status >= 400) throw await errorFrom(response, nameOf(call));
      return await use(response);
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw error instanceof ApiError ? error : connectionError(call, error);
    } finally {
      deadline.cancel();
      const seconds = (clock.now() - begin) / 1000;
      onRequest({ method: call.method, path: call.path, code, seconds, retry: tries > 0 });
    }
  }

  async function send<T>(call: Call, use: (response: WireResponse) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await once(call, tries, use);
      } catch (error) {
        const delay = tries + 1 < maxTries ? retryDelay(call, error, random) : undefined;
        if (delay === undefined) throw error;
        await sleep(clock, delay, call.signal);
      }
    }
  }

  const fetch = (call: Call): Promise<Buffer> => send(call, readBody);
  return {
    open: (call) => send(call, (response) => Promise.resolve(response)),
    fetch,
    json: async (call) => parseAnswer(await fetch(call), nameOf(call)),
  };
}
