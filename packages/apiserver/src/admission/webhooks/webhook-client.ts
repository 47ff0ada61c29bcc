import { request } from 'node:https';
import { isIP } from 'node:net';
import { readJson } from '../../codec/json-reader.ts';
import { writeJson } from '../../codec/json-writer.ts';
import { internalError } from '../../status-error.ts';
import { isObject } from '../../value.ts';
import type { ObjectValue, Value } from '../../value.ts';
import type { WebhookAddress } from './webhook-address.ts';

const mostBytes = 3 * 1024 * 1024;

/** Sends a review to a webhook and gives its answer. Rejects with a text of what went wrong. */
export async function callWebhook(
  address: WebhookAddress,
  review: ObjectValue,
  timeoutSeconds: number,
): Promise<ObjectValue> {
  const body = Buffer.from(writeJson(review));
  const { status, text } = await send(address, body, timeoutSeconds);
  if (status < 200 || status > 299) throw internalError(`the server answered ${status}: ${text.slice(0, 200)}`);
  const answer = parsed(text);
  if (!isObject(answer)) throw internalError('the answer is no AdmissionReview');
  return answer;
}

function parsed(text: string): Value | undefined {
  try {
    return readJson(text).value;
  } catch {
    return undefined;
  }
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

function send(address: WebhookAddress, body: Buffer, timeoutSeconds: number): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const call = request({
    method: 'POST',
    host: address.host,
    port: address.port,
    path: `${address.path}?timeout=${timeoutSeconds}s`,
    ...(isIP(address.serverName) === 0 ? { servername: address.serverName } : {}),
    ...(address.authorities === undefined ? {} : { ca: address.authorities }),
    headers: { 'content-type': 'application/json', accept: 'application/json', 'content-length': body.length },
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
    agent: false,
  });
  call.on('error', (error) => {
    const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
    reject(isLate ? internalError('context deadline exceeded') : error);
  });
  call.on('response', (response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) call.destroy(internalError('the answer is too large'));
      else chunks.push(chunk);
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
    );
  });
  call.end(body);
  return promise;
}
