export type ControllersErrorCode = 'DISCOVERY_FAILED' | 'BAD_SELECTOR';

/** Why a built-in controller could not do its work. */
export class ControllersError extends Error {
  readonly code: ControllersErrorCode;

  constructor(code: ControllersErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControllersError';
    this.code = code;
  }
}
