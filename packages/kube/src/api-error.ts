import type { Status, StatusDetails, StatusReason } from '@reeve/api';

/** The server refused a request. `code` is the HTTP status, `reason` the machine-readable cause. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;
  /** Seconds after which the server asks to be tried again. */
  readonly retryAfter: number | undefined;
  /** The whole answer. */
  readonly status: Status;

  constructor(status: Status, options: { readonly request?: string; readonly retryAfter?: number | undefined } = {}) {
    const message = status.message ?? `the server answered ${status.code ?? 0} ${status.reason ?? ''}`.trimEnd();
    super(options.request === undefined ? message : `${message} (${options.request})`);
    this.code = status.code ?? 0;
    this.reason = status.reason ?? '';
    this.details = status.details;
    this.status = status;
    this.retryAfter = options.retryAfter ?? status.details?.retryAfterSeconds;
  }
}

type Predicate = (error: unknown) => error is ApiError;

function answered(code: number, ...reasons: readonly StatusReason[]): Predicate {
  return (error): error is ApiError =>
    error instanceof ApiError &&
    (reasons.length === 0 || error.reason === '' ? error.code === code : reasons.includes(error.reason));
}

/** The object, or the resource itself, does not exist. */
export const isNotFound: Predicate = answered(404, 'NotFound');
export const isAlreadyExists: Predicate = answered(409, 'AlreadyExists');
/** The object changed since it was read, or apply met another manager's field. */
export const isConflict: Predicate = answered(409, 'Conflict');
export const isInvalid: Predicate = answered(422, 'Invalid');
export const isBadRequest: Predicate = answered(400, 'BadRequest');
export const isForbidden: Predicate = answered(403, 'Forbidden');
export const isUnauthorized: Predicate = answered(401, 'Unauthorized');
/** The resourceVersion or the continue token is too old: list again. */
export const isExpired: Predicate = answered(410, 'Expired', 'Gone');
export const isGone: Predicate = isExpired;
export const isTooManyRequests: Predicate = answered(429);
export const isServerTimeout: Predicate = answered(504, 'ServerTimeout', 'Timeout');
export const isServiceUnavailable: Predicate = answered(503, 'ServiceUnavailable');
export const isInternalError: Predicate = answered(500, 'InternalError');
export const isMethodNotAllowed: Predicate = answered(405, 'MethodNotAllowed');

/** The server has not reached the asked resourceVersion yet. */
export function isTooLargeResourceVersion(error: unknown): error is ApiError {
  return (
    isServerTimeout(error) && (error.details?.causes ?? []).some((cause) => cause.reason === 'ResourceVersionTooLarge')
  );
}
