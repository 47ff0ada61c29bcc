import type { Status, StatusCause, StatusDetails, StatusReason } from '@reeve/api';
import type { FieldError } from './field-error.ts';

/** Ends a request with a Status. The handler turns it into the answer; nothing else is shown to clients. */
export class StatusError extends Error {
  readonly status: Status;
  /** Extra answer headers, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: Status,
    options?: { readonly cause?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(status.message ?? '', options);
    this.name = 'StatusError';
    this.status = status;
    this.headers = options?.headers ?? {};
  }
}

/** Names the resource in a Status: `pods`, `deployments.apps`. */
export function qualifiedResource(resource: { readonly group: string; readonly plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function statusError(
  code: number,
  reason: StatusReason,
  message: string,
  details?: StatusDetails,
  options?: { readonly metadata?: Status['metadata']; readonly headers?: Readonly<Record<string, string>> },
): StatusError {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: options?.metadata ?? {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
  return new StatusError(status, options?.headers ? { headers: options.headers } : {});
}

interface Named {
  readonly group: string;
  readonly plural: string;
}

export const notFound = (resource: Named, name: string): StatusError =>
  statusError(404, 'NotFound', `${qualifiedResource(resource)} "${name}" not found`, detailsOf(resource, name));

export const alreadyExists = (resource: Named, name: string): StatusError =>
  statusError(
    409,
    'AlreadyExists',
    `${qualifiedResource(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );

export const conflict = (resource: Named, name: string, detail: string): StatusError =>
  statusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${detail}`,
    detailsOf(resource, name),
  );

export const badRequest = (message: string): StatusError => statusError(400, 'BadRequest', message);

export const forbidden = (resource: Named, name: string, detail: string): StatusError =>
  statusError(
    403,
    'Forbidden',
    name === ''
      ? `${qualifiedResource(resource)} is forbidden: ${detail}`
      : `${qualifiedResource(resource)} "${name}" is forbidden: ${detail}`,
    detailsOf(resource, name),
  );

/** A 500 without details: what the real server answers where it did not expect the error. */
export const internalError = (message: string): StatusError =>
  statusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

/** 405 for a method that a path does not have. */
export const methodNotAllowed = (): StatusError =>
  statusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** 404 for a resource or subresource that a group does not have. */
export const notServed = (): StatusError =>
  statusError(404, 'NotFound', 'the server could not find the requested resource', {});

/** 422: the object is well-formed but not allowed. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const causes: StatusCause[] = errors.map(({ type, field, message }) => ({ reason: type, message, field }));
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const group = kind.group === '' ? {} : { group: kind.group };
  return statusError(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...group,
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  });
}

function detailsOf(resource: Named, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}
