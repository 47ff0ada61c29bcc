import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { labelSelector } from '../label-selector-check.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Node, pod and anti-affinity of a pod. */
export function checkAffinity(problems: Problems, path: string, affinity: ObjectValue): void {
  const node = maybeObject(affinity, 'nodeAffinity');
  if (node !== undefined) checkNodeAffinity(problems, `${path}.nodeAffinity`, node);
  for (const side of ['podAffinity', 'podAntiAffinity']) {
    const terms = maybeObject(affinity, side);
    if (terms === undefined) continue;
    for (const [index, term] of itemsOf(terms, required).entries()) {
      checkPodTerm(problems, `${path}.${side}.${required}[${index}]`, term);
    }
    for (const [index, weighted] of itemsOf(terms, preferred).entries()) {
      const at = `${path}.${side}.${preferred}[${index}]`;
      checkWeight(problems, at, weighted);
      checkPodTerm(problems, `${at}.podAffinityTerm`, objectAt(weighted, 'podAffinityTerm'));
    }
  }
}

function checkWeight(problems: Problems, path: string, weighted: ObjectValue): void {
  const weight = numberAt(weighted, 'weight') ?? 0;
  if (weight <= 0 || weight > 100) problems.invalid(`${path}.weight`, weight, 'must be in the range 1-100');
}

function checkNodeAffinity(problems: Problems, path: string, affinity: ObjectValue): void {
  const selector = maybeObject(affinity, required);
  if (selector !== undefined) checkNodeSelector(problems, `${path}.${required}`, selector);
  for (const [index, term] of itemsOf(affinity, preferred).entries()) {
    const at = `${path}.${preferred}[${index}]`;
    checkWeight(problems, at, term);
    checkTerm(problems, `${at}.preference`, objectAt(term, 'preference'), false);
  }
}

/** A node selector, of a pod or a volume: at least one term. */
export function checkNodeSelector(problems: Problems, path: string, selector: ObjectValue): void {
  const terms = itemsOf(selector, 'nodeSelectorTerms');
  const at = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) problems.required(at, 'must have at least one node selector term');
  for (const [index, term] of terms.entries()) checkTerm(problems, `${at}[${index}]`, term, true);
}

function checkTerm(problems: Problems, path: string, term: ObjectValue, isStrict: boolean): void {
  for (const [index, requirement] of itemsOf(term, 'matchExpressions').entries()) {
    checkRequirement(problems, `${path}.matchExpressions[${index}]`, requirement, isStrict);
  }
  for (const [index, requirement] of itemsOf(term, 'matchFields').entries()) {
    checkFieldRequirement(problems, `${path}.matchFields[${index}]`, requirement);
  }
}

function checkRequirement(problems: Problems, path: string, requirement: ObjectValue, isStrict: boolean): void {
  const values = textsAt(requirement, 'values');
  const operator = textAt(requirement, 'operator');
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        problems.required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
      }
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        problems.forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) {
        problems.required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
      }
      break;
    default:
      problems.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  }
  problems.text(`${path}.key`, textAt(requirement, 'key'), qualifiedNameErrors);
  if (!isStrict) return;
  for (const [index, value] of values.entries()) problems.text(`${path}.values[${index}]`, value, labelValueErrors);
}

function checkFieldRequirement(problems: Problems, path: string, requirement: ObjectValue): void {
  const values = textsAt(requirement, 'values');
  const operator = textAt(requirement, 'operator');
  if (operator !== 'In' && operator !== 'NotIn') {
    problems.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    problems.required(`${path}.values`, detail);
  }
  const key = textAt(requirement, 'key');
  if (key !== 'metadata.name') problems.invalid(`${path}.key`, key, 'not a valid field selector key');
  else for (const [index, value] of values.entries()) problems.text(`${path}.values[${index}]`, value, dnsSubdomain);
}

function checkPodTerm(problems: Problems, path: string, term: ObjectValue): void {
  labelSelector(problems, `${path}.labelSelector`, term['labelSelector']);
  labelSelector(problems, `${path}.namespaceSelector`, term['namespaceSelector']);
  for (const name of textsAt(term, 'namespaces')) problems.text(`${path}.namespace`, name, dnsLabel);
  checkLabelKeys(problems, path, term);
  const key = textAt(term, 'topologyKey');
  if (key === '') problems.required(`${path}.topologyKey`, 'can not be empty');
  problems.text(`${path}.topologyKey`, key, qualifiedNameErrors);
}

/** Keys whose values come from the pod; only where there is a selector to add them to (KEP-3633). */
export function checkLabelKeys(problems: Problems, path: string, term: ObjectValue): void {
  const lists = ['matchLabelKeys', 'mismatchLabelKeys'].map((field) => ({ field, keys: textsAt(term, field) }));
  if (maybeObject(term, 'labelSelector') === undefined) {
    for (const { field, keys } of lists) {
      if (keys.length > 0)
        problems.forbidden(`${path}.${field}`, 'must not be specified when labelSelector is not set');
    }
  }
  for (const { field, keys } of lists) {
    for (const [index, key] of keys.entries()) problems.text(`${path}.${field}[${index}]`, key, qualifiedNameErrors);
  }
  const [match = [], mismatch = []] = lists.map(({ keys }) => keys);
  for (const [index, key] of match.entries()) {
    if (mismatch.includes(key)) {
      problems.invalid(`${path}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys');
    }
  }
}
