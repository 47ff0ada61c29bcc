import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { numberAt, textAt } from '../../object-path.ts';
import { oneOf, positive } from '../checks.ts';
import { labelSelector } from '../label-selector-check.ts';
import type { Problems } from '../problems.ts';
import { checkLabelKeys } from './affinity.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Tolerations of a pod or a runtime class. */
export function checkTolerations(problems: Problems, path: string, tolerations: readonly ObjectValue[]): void {
  for (const [index, toleration] of tolerations.entries()) {
    const at = `${path}[${index}]`;
    const key = textAt(toleration, 'key');
    const operator = textAt(toleration, 'operator');
    const effect = textAt(toleration, 'effect');
    if (key !== '') problems.text(`${at}.key`, key, qualifiedNameErrors);
    else if (operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      problems.invalid(`${at}.operator`, operator, detail);
    }
    if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
      problems.invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    checkOperator(problems, `${at}.operator`, operator, textAt(toleration, 'value'));
    if (effect !== '' && !effects.includes(effect)) problems.notSupported(`${at}.effect`, effect, effects);
  }
}

function checkOperator(problems: Problems, path: string, operator: string, value: string): void {
  switch (operator) {
    case '':
    case 'Equal': {
      const errors = labelValueErrors(value);
      if (errors.length > 0) problems.invalid(path, value, errors.join(';'));
      break;
    }
    case 'Exists':
      if (value !== '') problems.invalid(path, value, "value must be empty when `operator` is 'Exists'");
      break;
    case 'Lt':
    case 'Gt':
      problems.notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt']);
      break;
    default:
      problems.notSupported(path, operator, ['Equal', 'Exists']);
  }
}

const whenUnsatisfiable = ['DoNotSchedule', 'ScheduleAnyway'];

/** How evenly pods are spread. */
export function checkSpread(problems: Problems, path: string, constraints: readonly ObjectValue[]): void {
  for (const [index, constraint] of constraints.entries()) {
    const at = `${path}[${index}]`;
    const topology = textAt(constraint, 'topologyKey');
    const mode = textAt(constraint, 'whenUnsatisfiable');
    positive(problems, `${at}.maxSkew`, numberAt(constraint, 'maxSkew') ?? 0);
    if (topology === '') problems.required(`${at}.topologyKey`, 'can not be empty');
    if (!whenUnsatisfiable.includes(mode)) problems.notSupported(`${at}.whenUnsatisfiable`, mode, whenUnsatisfiable);
    const isRepeated = constraints
      .slice(index + 1)
      .some((other) => textAt(other, 'topologyKey') === topology && textAt(other, 'whenUnsatisfiable') === mode);
    if (isRepeated) problems.duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topology}, ${mode}}`);
    checkMinDomains(problems, `${at}.minDomains`, numberAt(constraint, 'minDomains'), mode);
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      oneOf('Honor', 'Ignore')(problems, `${at}.${policy}`, constraint[policy]);
    }
    checkLabelKeys(problems, at, constraint);
    labelSelector(problems, `${at}.labelSelector`, constraint['labelSelector']);
  }
}

function checkMinDomains(problems: Problems, path: string, minDomains: number | undefined, mode: string): void {
  if (minDomains === undefined) return;
  positive(problems, path, minDomains);
  if (mode === 'DoNotSchedule') return;
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${mode}`;
  problems.invalid(path, minDomains, detail);
}
