import type { Status, StatusReason, WireResponse } from '@reeve/api';
import { ApiError } from './api-error.ts';
import { headerOf, readBody } from './body.ts';

const reasons: Readonly<Record<number, StatusReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Status';
}

/** The Status in an error's body; proxies and load balancers answer other things, which become one. */
export function statusFrom(code: number, text: string): Status {
  try {
    const value: unknown = JSON.parse(text);
    if (isStatus(value)) return { ...value, code: value.code ?? code };
  } catch {
    // Not JSON: the text itself is the message.
  }
  const message = text.trim() === '' ? `the server answered ${code}` : text.trim().slice(0, 500);
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, code, reason: reasons[code] ?? '', message };
}

function retryAfterSeconds(response: WireResponse): number | undefined {
  const value = Number(headerOf(response, 'retry-after') ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Reads an error answer. */
export async function errorFrom(response: WireResponse, request: string): Promise<ApiError> {
  const body = await readBody(response);
  return new ApiError(statusFrom(response.status, body.toString()), {
    request,
    retryAfter: retryAfterSeconds(response),
  });
}
