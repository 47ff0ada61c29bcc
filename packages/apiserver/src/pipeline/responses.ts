import type { Status, WireResponse } from '@reeve/api';
import type { StatusError } from '../status-error.ts';
import { WholeBody } from './body.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** JSON text as an answer. */
export function jsonResponse(status: number, text: string, headers: Headers = {}): WireResponse {
  const body = new WholeBody(Buffer.from(text, 'utf8'));
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

export function textResponse(status: number, text: string, headers: Headers = {}): WireResponse {
  const body = new WholeBody(Buffer.from(text, 'utf8'));
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** Go's answer for a path that nothing serves. */
export function pageNotFound(): WireResponse {
  return textResponse(404, '404 page not found\n', { 'x-content-type-options': 'nosniff' });
}

export function errorResponse(error: StatusError): WireResponse {
  return statusResponse(error.status, error.headers);
}

export function statusResponse(status: Status, headers: Headers = {}): WireResponse {
  const retryAfter = status.details?.retryAfterSeconds;
  const extra = retryAfter === undefined ? headers : { 'retry-after': String(retryAfter), ...headers };
  return jsonResponse(status.code ?? 200, JSON.stringify(status), extra);
}
