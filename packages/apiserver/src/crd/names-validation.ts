import { dns1035Label } from '../builtin/validation/names.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import type { NamesSpec } from './definition-spec.ts';
import { child, index } from './field-path.ts';

/** Names that a definition cannot do without. */
export function requiredNames(names: NamesSpec): readonly FieldError[] {
  const required = ['plural', 'singular', 'kind', 'listKind'] as const;
  return required.filter((name) => names[name] === '').map((name) => fieldErrors.required(`spec.names.${name}`));
}

/** The form of names, wanted or accepted. */
export function validateNames(names: NamesSpec, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const label = (at: string, value: string, asWritten = value, prefix = ''): void => {
    const problems = value === '' ? [] : dns1035Label(value);
    if (problems.length > 0) errors.push(fieldErrors.invalid(at, asWritten, prefix + problems.join(',')));
  };
  label(child(path, 'plural'), names.plural);
  label(child(path, 'singular'), names.singular);
  const mixed = 'may have mixed case, but should otherwise match: ';
  label(child(path, 'kind'), names.kind.toLowerCase(), names.kind, mixed);
  label(child(path, 'listKind'), names.listKind.toLowerCase(), names.listKind, mixed);
  for (const [position, name] of names.shortNames.entries()) listed(index(child(path, 'shortNames'), position), name);
  if (names.kind !== '' && names.kind === names.listKind)
    errors.push(fieldErrors.invalid(child(path, 'listKind'), names.listKind, 'kind and listKind may not be the same'));
  for (const [position, name] of names.categories.entries()) listed(index(child(path, 'categories'), position), name);
  return errors;

  function listed(at: string, name: string): void {
    const problems = dns1035Label(name);
    if (problems.length > 0) errors.push(fieldErrors.invalid(at, name, problems.join(',')));
  }
}
