/** Why the client could not even get an answer, or could not make sense of it. */
export type KubeErrorCode =
  | 'ConfigInvalid'
  | 'CredentialsFailed'
  | 'ConnectionFailed'
  | 'BadAnswer'
  | 'Timeout'
  | 'Unsupported';

/** A failure on our side of the wire; what the server refuses is an `ApiError`. The message says what to do. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;

  constructor(code: KubeErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** No answer came: the server is away, the network broke, or the request timed out. */
export function isConnectionFailure(error: unknown): error is KubeError {
  return error instanceof KubeError && (error.code === 'ConnectionFailed' || error.code === 'Timeout');
}
