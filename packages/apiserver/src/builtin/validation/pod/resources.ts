import { compareQuantities, parseQuantity, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt } from '../../object-path.ts';
import { dnsLabel } from '../names.ts';
import type { Problems } from '../problems.ts';
import { podTotals } from '../../defaults/pod-resource-defaults.ts';

type Amounts = Readonly<Record<string, string>>;

const standard = new Set(['cpu', 'memory', 'ephemeral-storage']);
const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.startsWith('kubernetes.io/');

/** `example.com/gpu`: counted by the whole, and never promised twice. */
export function isExtendedResource(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;
}

/** Told once for each amount. */
export function checkAmount(problems: Problems, path: string, name: string, amount: string): void {
  if (compareQuantities(amount, '0') < 0) problems.invalid(path, amount, 'must be greater than or equal to 0');
  const isWhole = parseQuantity(amount).nano % 1_000_000_000n === 0n;
  if (isCounted(name) && !isWhole) problems.invalid(path, amount, 'must be an integer');
}

const countedNames = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'resourcequotas',
]);

const isCounted = (name: string): boolean => isExtendedResource(name) || countedNames.has(name);

function checkName(problems: Problems, path: string, name: string): void {
  const errors = qualifiedNameErrors(name);
  for (const detail of errors) problems.invalid(path, name, detail);
  if (errors.length > 0) return;
  if (!name.includes('/')) {
    if (standard.has(name) || isHugePages(name)) return;
    if (!standard.has(name)) problems.invalid(path, name, 'must be a standard resource type or fully qualified');
    problems.invalid(path, name, 'must be a standard resource for containers');
  } else if (!isNative(name) && !isExtendedResource(name)) {
    problems.invalid(path, name, "doesn't follow extended resource name standard");
  }
}

/** Requests, limits and claims of one container. */
export function checkResources(
  problems: Problems,
  path: string,
  resources: ObjectValue,
  claimNames: ReadonlySet<string>,
): void {
  const requests = mapAt(resources, 'requests');
  const limits = mapAt(resources, 'limits');
  checkLimits(problems, `${path}.limits`, limits);
  checkRequests(problems, path, requests, limits, checkName);
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const hasHugePages = names.some(isHugePages);
  if (hasHugePages && !names.some((name) => name === 'cpu' || name === 'memory')) {
    problems.forbidden(path, 'HugePages require cpu or memory');
  }
  checkClaims(problems, `${path}.claims`, resources, claimNames);
}

function checkLimits(problems: Problems, path: string, limits: Amounts): void {
  for (const [name, amount] of Object.entries(limits)) {
    checkName(problems, `${path}[${name}]`, name);
    checkAmount(problems, `${path}[${name}]`, name, amount);
  }
}

function checkRequests(
  problems: Problems,
  path: string,
  requests: Amounts,
  limits: Amounts,
  checkOne: (problems: Problems, path: string, name: string) => void,
): void {
  for (const [name, amount] of Object.entries(requests)) {
    checkOne(problems, `${path}.requests[${name}]`, name);
    checkAmount(problems, `${path}.requests[${name}]`, name, amount);
    const limit = limits[name];
    const isShared = isNative(name) && !isHugePages(name);
    if (limit === undefined) {
      if (!isShared) problems.required(`${path}.limits`, 'Limit must be set for non overcommitable resources');
    } else if (!isShared && compareQuantities(amount, limit) !== 0) {
      problems.invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`);
    } else if (isShared && compareQuantities(amount, limit) > 0) {
      problems.invalid(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`);
    }
  }
}

function checkClaims(problems: Problems, path: string, resources: ObjectValue, claimNames: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const [index, claim] of itemsOf(resources, 'claims').entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    const request = textAt(claim, 'request');
    if (name === '') {
      problems.required(at);
      continue;
    }
    const key = request === '' ? name : `${name}/${request}`;
    if (request !== '') problems.text(`${at}.request`, request, dnsLabel);
    if (seen.has(key) || seen.has(name)) problems.duplicate(at, key);
    seen.add(key);
    if (!claimNames.has(name)) problems.notFound(at, name);
  }
}

const podLevel = ['cpu', 'hugepages-', 'memory'];
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

/** Resources of the pod as a whole (KEP-2837): known names, and at least what the containers ask for. */
export function checkPodResources(problems: Problems, path: string, spec: ObjectValue): void {
  const resources = maybeObject(spec, 'resources');
  if (resources === undefined) return;
  if (itemsOf(resources, 'claims').length > 0) {
    problems.forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level');
  }
  const limits = mapAt(resources, 'limits');
  const requests = mapAt(resources, 'requests');
  for (const [name, amount] of Object.entries(limits)) {
    checkPodLevel(problems, `${path}.limits[${name}]`, name);
    checkAmount(problems, `${path}.limits[${name}]`, name, amount);
  }
  checkRequests(problems, path, requests, limits, checkPodLevel);
  checkConsistency(problems, path, spec, requests, limits);
}

function checkPodLevel(problems: Problems, path: string, name: string): void {
  if (!isPodLevel(name)) problems.notSupported(path, name, podLevel);
}

function checkConsistency(
  problems: Problems,
  path: string,
  spec: ObjectValue,
  requests: Amounts,
  limits: Amounts,
): void {
  for (const [name, total] of Object.entries(podTotals(spec, 'requests'))) {
    const own = requests[name];
    if (own === undefined || !isPodLevel(name) || compareQuantities(total, own) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${total}`;
    problems.invalid(`${path}.requests[${name}]`, own, detail);
  }
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of itemsOf(spec, list).entries()) {
      for (const [name, amount] of Object.entries(mapAt(objectAt(container, 'resources'), 'limits'))) {
        const own = limits[name];
        if (own === undefined || compareQuantities(amount, own) <= 0) continue;
        const at = `${path}.${list}[${index}][${name}].limits`;
        problems.invalid(at, amount, `must be less than or equal to pod limits of ${own}`);
      }
    }
  }
}
