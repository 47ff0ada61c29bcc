/** A mistake or a failure that a person should read as one sentence; the command ends with exit code 1. */
export class CliError extends Error {
  readonly code = 'CLI';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
  }
}
