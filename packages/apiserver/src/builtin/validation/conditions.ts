import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, numberAt, textAt } from '../object-path.ts';
import { requiredOneOf } from './checks.ts';
import type { Problems } from './problems.ts';

const reason = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';

/** Conditions of the common form, one of each type. */
export function checkConditions(problems: Problems, path: string, status: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, condition] of itemsOf(status, 'conditions').entries()) {
    const at = `${path}[${index}]`;
    const type = textAt(condition, 'type');
    if (seen.has(type)) problems.duplicate(`${at}.type`, type);
    seen.add(type);
    if (type === '') problems.required(`${at}.type`);
    else problems.text(`${at}.type`, type, qualifiedNameErrors);
    requiredOneOf('False', 'True', 'Unknown')(problems, `${at}.status`, condition['status']);
    const generation = numberAt(condition, 'observedGeneration') ?? 0;
    if (generation < 0) {
      problems.invalid(`${at}.observedGeneration`, generation, 'must be greater than or equal to zero');
    }
    if (textAt(condition, 'lastTransitionTime') === '') problems.required(`${at}.lastTransitionTime`);
    checkReason(problems, `${at}.reason`, textAt(condition, 'reason'));
    if (textAt(condition, 'message').length > 32 * 1024) problems.tooLong(`${at}.message`, 32 * 1024);
  }
}

function checkReason(problems: Problems, path: string, text: string): void {
  if (text === '') return problems.required(path);
  if (!new RegExp(`^${reason}$`).test(text)) {
    const detail = `a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${reason}')`;
    problems.invalid(path, text, detail);
  }
  if (text.length > 1024) problems.tooLong(path, 1024);
}
