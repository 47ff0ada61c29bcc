/** Why an image or a program could not be had; the message says what to do. */
export class ImageError extends Error {
  readonly code:
    | 'UNKNOWN_REFERENCE'
    | 'NO_MIRROR'
    | 'UNREACHABLE'
    | 'NOT_IN_INDEX'
    | 'BAD_CHECKSUM'
    | 'UNPACK_FAILED'
    | 'BAD_ADDITION';

  constructor(code: ImageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageError';
    this.code = code;
  }
}
