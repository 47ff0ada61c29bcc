import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, mapAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { checkAmount } from '../pod/resources.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const compute = ['cpu', 'memory', 'ephemeral-storage'];
const objects = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
];
const standard = new Set([
  ...compute,
  ...compute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...objects,
]);
const scopes = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
];
const existsOnly = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'CrossNamespacePodAffinity',
]);
const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const isQuotaName = (name: string): boolean =>
  standard.has(name) || /^(requests\.)?hugepages-/.test(name) || name.startsWith('count/');

function checkAmounts(problems: Problems, path: string, amounts: Readonly<Record<string, string>>): void {
  for (const [name, amount] of Object.entries(amounts)) {
    const at = `${path}[${name}]`;
    const errors = qualifiedNameErrors(name);
    for (const detail of errors) problems.invalid(at, name, detail);
    if (errors.length === 0 && !name.includes('/') && !isQuotaName(name)) {
      problems.invalid(at, name, 'must be a standard resource type or fully qualified');
    }
    if (!name.includes('/') && !isQuotaName(name)) problems.invalid(at, name, 'must be a standard resource for quota');
    checkAmount(problems, at, name, amount);
  }
}

/** Which resources a scope can count: those of pods only with a scope of pods. */
function supports(scope: string, resource: string): boolean {
  if (resource.startsWith('count/')) return false;
  if (scope === 'VolumeAttributesClass')
    return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  if (scope === 'BestEffort') return resource === 'pods';
  return resource === 'pods' || compute.some((name) => [name, `requests.${name}`, `limits.${name}`].includes(resource));
}

function checkScopes(problems: Problems, path: string, given: readonly string[], resources: readonly string[]): void {
  if (given.length === 0) return;
  for (const scope of given) {
    if (!scopes.includes(scope)) problems.invalid(path, given, 'unsupported scope');
    else if (resources.some((resource) => standard.has(resource) && !supports(scope, resource))) {
      problems.invalid(path, given, 'unsupported scope applied to resource');
    }
  }
  for (const pair of opposites) {
    if (pair.every((scope) => given.includes(scope))) problems.invalid(path, given, 'conflicting scopes');
  }
}

function checkSelector(problems: Problems, spec: ObjectValue): void {
  const path = 'spec.scopeSelector.matchExpressions';
  for (const expression of itemsOf(objectAt(spec, 'scopeSelector'), 'matchExpressions')) {
    const scope = textAt(expression, 'scopeName');
    const operator = textAt(expression, 'operator');
    const values = textsAt(expression, 'values');
    if (!scopes.includes(scope)) problems.invalid(`${path}.scopeName`, scope, 'unsupported scope');
    if (existsOnly.has(scope) && operator !== 'Exists') {
      const detail =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      problems.invalid(`${path}.operator`, operator, detail);
    }
    if (operator === 'In' || operator === 'NotIn') {
      const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      if (values.length === 0) problems.required(`${path}.values`, detail);
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      if (values.length > 0) problems.invalid(`${path}.values`, values, detail);
    } else problems.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  }
}

function checkQuota(problems: Problems, quota: ObjectValue): void {
  const spec = objectAt(quota, 'spec');
  const hard = mapAt(spec, 'hard');
  checkAmounts(problems, 'spec.hard', hard);
  checkScopes(problems, 'spec.scopes', textsAt(spec, 'scopes'), Object.keys(hard));
  checkSelector(problems, spec);
}

export const resourceQuotaValidator: Validator = validator({
  create: checkQuota,
  update: (problems, quota, old) => {
    checkQuota(problems, quota);
    const sorted = (object: ObjectValue): string[] => textsAt(objectAt(object, 'spec'), 'scopes').toSorted();
    if (semanticallyEqual(sorted(quota), sorted(old))) return;
    problems.invalid('spec.scopes', objectAt(quota, 'spec')['scopes'] ?? null, 'field is immutable');
  },
  subresources: {
    status: (problems, quota) => {
      const status = objectAt(quota, 'status');
      for (const part of ['hard', 'used']) checkAmounts(problems, `status.${part}`, mapAt(status, part));
    },
  },
});
