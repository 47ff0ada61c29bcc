export type OperatorErrorCode =
  | 'DefinitionInvalid'
  | 'UndeclaredRead'
  | 'UndeclaredIndex'
  | 'ControllerInvalid'
  | 'ReconcileTimeout'
  | 'ObjectGone'
  | 'OwnedByOther'
  | 'SyncTimeout'
  | 'LeaseLost'
  | 'PortUnavailable'
  | 'Stopped'
  | 'Terminal';

/** A mistake in how the SDK is used, or a limit that was reached. The message says what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code: OperatorErrorCode;

  constructor(code: OperatorErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown by a reconciler when trying again cannot help until something changes: counted, logged, not retried. */
export class TerminalError extends OperatorError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('Terminal', message, options);
  }
}
