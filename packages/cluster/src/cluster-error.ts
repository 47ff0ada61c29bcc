export type ClusterErrorCode =
  | 'NOT_RUNNING'
  | 'ALREADY_RUNNING'
  | 'START_FAILED'
  | 'PORT_BUSY'
  | 'NO_SANDBOX'
  | 'BAD_NAME'
  | 'CONTROL_FAILED';

/** Why a local cluster could not be started or reached; the message says what to do. */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClusterError';
    this.code = code;
  }
}
