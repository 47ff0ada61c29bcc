import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, textsAt } from '../../object-path.ts';
import { labelSelector } from '../label-selector-check.ts';
import { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

function checkRule(problems: Problems, rule: ObjectValue, path: string, namespaced: boolean): void {
  const list = (field: string): readonly string[] => textsAt(rule, field);
  if (list('verbs').length === 0) problems.required(`${path}.verbs`, 'verbs must contain at least one value');
  const urls = list('nonResourceURLs');
  if (urls.length > 0) {
    const at = `${path}.nonResourceURLs`;
    if (namespaced) problems.invalid(at, urls, 'namespaced rules cannot apply to non-resource URLs');
    if (['apiGroups', 'resources', 'resourceNames'].some((field) => list(field).length > 0)) {
      problems.invalid(at, urls, 'rules cannot apply to both regular resources and non-resource URLs');
    }
    return;
  }
  if (list('apiGroups').length === 0) {
    problems.required(`${path}.apiGroups`, 'resource rules must supply at least one api group');
  }
  if (list('resources').length === 0) {
    problems.required(`${path}.resources`, 'resource rules must supply at least one resource');
  }
}

function checkRules(problems: Problems, role: ObjectValue, namespaced: boolean): void {
  for (const [index, rule] of itemsOf(role, 'rules').entries()) {
    checkRule(problems, rule, `rules[${index}]`, namespaced);
  }
}

function checkAggregation(problems: Problems, role: ObjectValue): void {
  const rule = maybeObject(role, 'aggregationRule');
  if (rule === undefined) return;
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = itemsOf(rule, 'clusterRoleSelectors');
  if (selectors.length === 0) {
    problems.required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
  }
  for (const [index, selector] of selectors.entries()) checkSelector(problems, selector, `${path}[${index}]`);
}

/** A selector that cannot be made is told once more as a whole. */
function checkSelector(problems: Problems, selector: ObjectValue, path: string): void {
  const found = new Problems();
  labelSelector(found, path, selector);
  problems.errors.push(...found.errors);
  if (found.errors.length > 0) problems.invalid(path, null, 'invalid label selector.');
}

export const roleValidator: Validator = validator({ create: (problems, role) => checkRules(problems, role, true) });

export const clusterRoleValidator: Validator = validator({
  create: (problems, role) => {
    checkRules(problems, role, false);
    checkAggregation(problems, role);
  },
});
