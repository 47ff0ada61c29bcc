export type EtcdOperatorErrorCode = 'DiskChanged' | 'NameTaken' | 'NoQuorum' | 'Settings';

/** A step that must not be taken, or settings that can't be used. */
export class EtcdOperatorError extends Error {
  override readonly name = 'EtcdOperatorError';
  readonly code: EtcdOperatorErrorCode;

  constructor(code: EtcdOperatorErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
