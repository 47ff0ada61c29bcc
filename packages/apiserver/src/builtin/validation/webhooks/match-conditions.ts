import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { policyEnvironment } from '../../../admission/policy/environment.ts';
import type { PolicyEnvironment } from '../../../admission/policy/environment.ts';
import { itemsOf, textAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';
import { checkExpression } from './expression.ts';

const maxConditions = 64;

/** Expressions that all must hold for a webhook or policy to be asked. */
export function checkMatchConditions(
  problems: Problems,
  path: string,
  object: ObjectValue,
  environment: PolicyEnvironment = policyEnvironment({}),
): void {
  const conditions = itemsOf(object, 'matchConditions');
  if (conditions.length > maxConditions) problems.tooMany(path, conditions.length, maxConditions);
  const names = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = `${path}[${index}]`;
    const expression = textAt(condition, 'expression').trim();
    if (expression === '') problems.required(`${at}.expression`);
    else checkExpression(problems, `${at}.expression`, expression, environment, ['bool']);
    const name = textAt(condition, 'name');
    if (name === '') problems.required(`${at}.name`);
    else problems.text(`${at}.name`, name, qualifiedNameErrors);
    if (name !== '' && names.has(name)) problems.duplicate(`${at}.name`, name);
    names.add(name);
  }
}
