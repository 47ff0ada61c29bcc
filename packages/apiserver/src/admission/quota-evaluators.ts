import { affinityTerms } from '../builtin/preparation/pod-preparation.ts';
import { podTotals, sum } from '../builtin/defaults/pod-resource-defaults.ts';
import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import { qualityOfService } from '../builtin/preparation/pod-quality.ts';
import type { AdmissionAttributes } from '../parts.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

export type Amounts = Readonly<Record<string, string>>;

/** A part of a kind's objects that a quota is for. */
export interface ScopeSelector {
  readonly scope: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** How the objects of a kind are counted. */
export interface QuotaEvaluator {
  /** True for the resources of a quota that these objects use. */
  counts(resource: string): boolean;
  isInScope(selector: ScopeSelector, object: ObjectValue): boolean;
  usage(object: ObjectValue): Amounts;
  /** What an object must say for these resources to be countable, as a text. */
  missing(resources: readonly string[], object: ObjectValue): string | undefined;
}

/** Who counts the object of a request; undefined if the request cannot change what is used. */
export function evaluatorOf(attributes: AdmissionAttributes): QuotaEvaluator | undefined {
  const { operation, resource, subresource } = attributes;
  const isWrite = operation === 'CREATE' || operation === 'UPDATE';
  const special = resource.group === '' ? specials[resource.plural] : undefined;
  if (special === undefined) {
    return operation === 'CREATE' && subresource === '' ? countEvaluator(resource) : undefined;
  }
  return isWrite && special.handles(attributes) ? special.evaluator : undefined;
}

const aliases = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

function countEvaluator({ group, plural }: { readonly group: string; readonly plural: string }): QuotaEvaluator {
  const name = group === '' ? `count/${plural}` : `count/${plural}.${group}`;
  const names = group === '' && aliases.has(plural) ? [name, plural] : [name];
  return {
    counts: (resource) => names.includes(resource),
    isInScope: () => false,
    usage: () => Object.fromEntries(names.map((counted) => [counted, '1'])),
    missing: () => undefined,
  };
}

const podResources = new Set(
  ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);
/** Containers must say these where a quota has them; a mistake of old that is kept. */
const neededResources = ['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]);

const isExtended = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Record<string, string> = { pods: '1' };
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const [request, limit] = [requests[name], limits[name]];
    if (request !== undefined) {
      usage[name] = request;
      usage[`requests.${name}`] = request;
    }
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, amount] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) usage[name] = amount;
    if (name.startsWith('hugepages-') || isExtended(name)) usage[`requests.${name}`] = amount;
  }
  return usage;
}

/** What a pod needs as a whole, by its containers or by what it says itself, and its overhead. */
function totalsOf(spec: ObjectValue, part: 'requests' | 'limits'): Amounts {
  const own = mapAt(objectAt(spec, 'resources'), part);
  return sum({ ...podTotals(spec, part), ...own }, mapAt(spec, 'overhead'));
}

function isTerminating(pod: ObjectValue): boolean {
  return (numberAt(objectAt(pod, 'spec'), 'activeDeadlineSeconds') ?? -1) >= 0;
}

function crossesNamespaces(pod: ObjectValue): boolean {
  return affinityTerms(objectAt(objectAt(pod, 'spec'), 'affinity')).some(
    (term) => textsAt(term, 'namespaces').length > 0 || maybeObject(term, 'namespaceSelector') !== undefined,
  );
}

function matchesValue(value: string, { operator, values }: ScopeSelector): boolean {
  switch (operator) {
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    case 'In':
      return values.includes(value);
    default:
      return !values.includes(value);
  }
}

const podScopes: Readonly<Record<string, (pod: ObjectValue, selector: ScopeSelector) => boolean>> = {
  Terminating: isTerminating,
  NotTerminating: (pod) => !isTerminating(pod),
  BestEffort: (pod) => qualityOfService(pod) === 'BestEffort',
  NotBestEffort: (pod) => qualityOfService(pod) !== 'BestEffort',
  PriorityClass: (pod, selector) => matchesValue(textAt(objectAt(pod, 'spec'), 'priorityClassName'), selector),
  CrossNamespacePodAffinity: crossesNamespaces,
};

const podEvaluator: QuotaEvaluator = {
  counts: (resource) =>
    resource === 'pods' ||
    resource === 'count/pods' ||
    podResources.has(resource) ||
    /^(requests\.)?hugepages-/.test(resource) ||
    (resource.startsWith('requests.') && isExtended(resource)),
  isInScope: (selector, pod) => podScopes[selector.scope]?.(pod, selector) ?? false,
  usage(pod) {
    const phase = textAt(objectAt(pod, 'status'), 'phase');
    if (phase === 'Failed' || phase === 'Succeeded') return { 'count/pods': '1' };
    const spec = objectAt(pod, 'spec');
    return { 'count/pods': '1', ...computeUsage(totalsOf(spec, 'requests'), totalsOf(spec, 'limits')) };
  },
  missing(resources, pod) {
    const spec = objectAt(pod, 'spec');
    const own = objectAt(spec, 'resources');
    if (['requests', 'limits'].some((part) => Object.keys(mapAt(own, part)).length > 0)) return undefined;
    const needed = neededResources.filter((resource) => resources.includes(resource)).sort();
    const containers = [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')];
    const parts = needed.flatMap((resource) => {
      const names = containers
        .filter((container) => {
          const amounts = objectAt(container, 'resources');
          return !(resource in computeUsage(mapAt(amounts, 'requests'), mapAt(amounts, 'limits')));
        })
        .map((container) => textAt(container, 'name'));
      return names.length === 0 ? [] : [`${resource} for: ${[...new Set(names)].sort().join(',')}`];
    });
    return parts.length === 0 ? undefined : parts.join('; ');
  },
};

const classNote = 'volume.beta.kubernetes.io/storage-class';
const byClass = '.storageclass.storage.k8s.io/';
const claimResources = ['persistentvolumeclaims', 'requests.storage'];

const claimEvaluator: QuotaEvaluator = {
  counts: (resource) =>
    resource === 'count/persistentvolumeclaims' ||
    claimResources.some((name) => resource === name || resource.endsWith(`${byClass}${name}`)),
  isInScope: (selector, claim) =>
    selector.scope === 'VolumeAttributesClass' &&
    matchesValue(textAt(objectAt(claim, 'spec'), 'volumeAttributesClassName'), selector),
  usage(claim) {
    const spec = objectAt(claim, 'spec');
    const size = mapAt(objectAt(spec, 'resources'), 'requests')['storage'];
    const storageClass = mapAt(metadataOf(claim), 'annotations')[classNote] ?? textAt(spec, 'storageClassName');
    const usage: Record<string, string> = { persistentvolumeclaims: '1' };
    if (size !== undefined) usage['requests.storage'] = size;
    const ofClass = storageClass === '' ? [] : Object.entries(usage);
    return {
      ...usage,
      'count/persistentvolumeclaims': '1',
      ...Object.fromEntries(ofClass.map(([name, amount]) => [`${storageClass}${byClass}${name}`, amount])),
    };
  },
  missing: () => undefined,
};

const serviceResources = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

const serviceEvaluator: QuotaEvaluator = {
  counts: (resource) => serviceResources.includes(resource),
  isInScope: () => false,
  usage(service) {
    const spec = objectAt(service, 'spec');
    const ports = itemsOf(spec, 'ports');
    const isBalanced = spec['type'] === 'LoadBalancer';
    const hasAll = spec['type'] === 'NodePort' || (isBalanced && spec['allocateLoadBalancerNodePorts'] !== false);
    const given = isBalanced ? ports.filter((port) => (numberAt(port, 'nodePort') ?? 0) !== 0) : [];
    return {
      'count/services': '1',
      services: '1',
      'services.loadbalancers': isBalanced ? '1' : '0',
      'services.nodeports': String(hasAll ? ports.length : given.length),
    };
  },
  missing: () => undefined,
};

interface Special {
  readonly evaluator: QuotaEvaluator;
  readonly handles: (attributes: AdmissionAttributes) => boolean;
}

const specials: Readonly<Record<string, Special>> = {
  pods: {
    evaluator: podEvaluator,
    handles: ({ operation, subresource, object, old }) => {
      if (subresource === 'resize') return operation === 'UPDATE';
      if (subresource !== '' || object === undefined) return false;
      return operation === 'CREATE' || (old !== undefined && isTerminating(old) !== isTerminating(object));
    },
  },
  persistentvolumeclaims: { evaluator: claimEvaluator, handles: ({ subresource }) => subresource === '' },
  services: { evaluator: serviceEvaluator, handles: ({ subresource }) => subresource === '' },
};
