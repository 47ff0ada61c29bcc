/** How strictly unknown and duplicate fields are taken: an error, warnings, or nothing. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';
