import type { Validator } from './validator.ts';

const none: Validator = { create: () => [], update: () => [] };

const validators: Readonly<Record<string, Validator>> = {};

/** The checks of a kind. */
export function validatorOf(group: string, kind: string): Validator {
  return validators[group === '' ? kind : `${group}/${kind}`] ?? none;
}
