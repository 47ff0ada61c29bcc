/** The cluster that commands mean when no name is given. */
export const DEFAULT_NAME = 'local';
