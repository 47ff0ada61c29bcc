import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, mapAt, textAt, textsAt } from '../object-path.ts';
import { checkLabels } from '../../meta/validate-metadata.ts';
import type { Check } from './checks.ts';
import type { Problems } from './problems.ts';

/** A label selector, if there is one. */
export const labelSelector: Check = (problems, path, value) => {
  if (!isObject(value)) return;
  checkLabels(problems, mapAt(value, 'matchLabels'), `${path}.matchLabels`);
  for (const [index, requirement] of itemsOf(value, 'matchExpressions').entries()) {
    checkRequirement(problems, `${path}.matchExpressions[${index}]`, requirement);
  }
};

function checkRequirement(problems: Problems, path: string, requirement: ObjectValue): void {
  const operator = textAt(requirement, 'operator');
  const values = textsAt(requirement, 'values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      problems.required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      problems.forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else problems.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  problems.text(`${path}.key`, textAt(requirement, 'key'), qualifiedNameErrors);
  for (const [index, item] of values.entries()) problems.text(`${path}.values[${index}]`, item, labelValueErrors);
}
