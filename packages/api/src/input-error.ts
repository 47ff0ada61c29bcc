/** What kind of text or value could not be read. */
export type InputErrorCode =
  | 'InvalidQuantity'
  | 'InvalidSelector'
  /** The patch itself is malformed. */
  | 'InvalidPatch'
  /** The patch does not fit this object. */
  | 'PatchDoesNotApply'
  | 'PatchNotSupported'
  | 'PatchTooLarge';

/** The one error of this package: something given to it cannot be read or applied; the message says why, in Kubernetes' words. */
export class InputError extends Error {
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'InputError';
    this.code = code;
  }
}
