import { addQuantities, compareQuantities, formatQuantity, parseQuantity } from '@reeve/api';
import type { Container, PersistentVolumeClaim, Pod, ResourceQuota, Service } from '@reeve/api/core/v1';

/** Amounts by the names that quotas use. */
export type Usage = Readonly<Record<string, string>>;

/** What there is in the quota's namespace of the kinds that are more than counted. */
export interface QuotaContent {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly claims: readonly PersistentVolumeClaim[];
  /** Numbers of objects, by the names of `countedResources`. */
  readonly counts: Usage;
}

const COUNTED_BY_NAME = ['configmaps', 'secrets', 'resourcequotas', 'replicationcontrollers'];
const LISTED = ['count/pods', 'count/services', 'count/persistentvolumeclaims'];

/** The names in a quota that are plain counts of other kinds, as `plural.group`; `plural` alone for the core group. */
export function countedResources({ spec }: ResourceQuota): ReadonlyMap<string, string> {
  const found = Object.keys(spec?.hard ?? {}).flatMap((name): readonly (readonly [string, string])[] => {
    if (COUNTED_BY_NAME.includes(name)) return [[name, name]];
    return name.startsWith('count/') && !LISTED.includes(name) ? [[name, name.slice('count/'.length)]] : [];
  });
  return new Map(found);
}

/** How much of each limit of a quota is used. */
export function quotaUsage(quota: ResourceQuota, { pods, services, claims, counts }: QuotaContent): Usage {
  const parts = [
    ...pods.filter((pod) => isInScope(quota, pod)).map(podUsage),
    ...services.map(serviceUsage),
    ...claims.map(claimUsage),
    counts,
  ];
  const total = parts.reduce(add, {});
  return Object.fromEntries(Object.keys(quota.spec?.hard ?? {}).map((name) => [name, total[name] ?? '0']));
}

function add(left: Usage, right: Usage): Usage {
  const sum = { ...left };
  for (const [name, amount] of Object.entries(right)) {
    const before = sum[name];
    sum[name] =
      before === undefined ? amount : formatQuantity(addQuantities(parseQuantity(before), parseQuantity(amount)));
  }
  return sum;
}

function most(left: Usage, right: Usage): Usage {
  const larger = Object.entries(right).filter(([name, amount]) => compareQuantities(amount, left[name] ?? '0') > 0);
  return { ...left, ...Object.fromEntries(larger) };
}

/** An ended pod only counts as an object. */
function podUsage(pod: Pod): Usage {
  const isEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (isEnded) return { 'count/pods': '1' };
  const requests = totalOf(pod, 'requests');
  const named = (prefix: string, amounts: Usage): Usage =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [`${prefix}${name}`, amount]));
  const limits = named('limits.', totalOf(pod, 'limits'));
  return { 'count/pods': '1', pods: '1', ...requests, ...named('requests.', requests), ...limits };
}

/** Containers and sidecars together, or the largest step of the initialisation (KEP-753), and the overhead. */
function totalOf({ spec }: Pod, part: 'requests' | 'limits'): Usage {
  const amounts = ({ resources }: Container): Usage =>
    Object.fromEntries(Object.entries(resources?.[part] ?? {}).map(([name, amount]) => [name, String(amount)]));
  let sidecars: Usage = {};
  let starting: Usage = {};
  for (const container of spec?.initContainers ?? []) {
    const own = amounts(container);
    if (container.restartPolicy === 'Always') sidecars = add(sidecars, own);
    starting = most(starting, container.restartPolicy === 'Always' ? sidecars : add(sidecars, own));
  }
  const running = (spec?.containers ?? []).map(amounts).reduce(add, sidecars);
  const overhead = Object.entries(spec?.overhead ?? {}).map(([name, amount]) => [name, String(amount)] as const);
  return add(most(running, starting), Object.fromEntries(overhead));
}

function serviceUsage({ spec }: Service): Usage {
  const isBalanced = spec?.type === 'LoadBalancer';
  const ports = spec?.ports ?? [];
  const hasAll = spec?.type === 'NodePort' || (isBalanced && spec.allocateLoadBalancerNodePorts !== false);
  const given = isBalanced ? ports.filter(({ nodePort }) => Boolean(nodePort)) : [];
  return {
    'count/services': '1',
    services: '1',
    'services.loadbalancers': isBalanced ? '1' : '0',
    'services.nodeports': String(hasAll ? ports.length : given.length),
  };
}

function claimUsage({ spec }: PersistentVolumeClaim): Usage {
  const size = String(spec?.resources?.requests?.['storage'] ?? '0');
  const storageClass = spec?.storageClassName ?? '';
  const amounts = { persistentvolumeclaims: '1', 'requests.storage': size };
  const byClass = Object.entries(storageClass === '' ? {} : amounts).map(([name, amount]) => [
    `${storageClass}.storageclass.storage.k8s.io/${name}`,
    amount,
  ]);
  return { 'count/persistentvolumeclaims': '1', ...amounts, ...Object.fromEntries(byClass) };
}

/** Whether a pod is one of those that the quota's scopes speak of. */
function isInScope({ spec }: ResourceQuota, pod: Pod): boolean {
  const selectors = [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] as readonly string[] })),
    ...(spec?.scopeSelector?.matchExpressions ?? []).map(({ values = [], ...rest }) => ({ ...rest, values })),
  ];
  return selectors.every(({ scopeName, operator, values }) => {
    const isTerminating = (pod.spec?.activeDeadlineSeconds ?? -1) >= 0;
    const priority = pod.spec?.priorityClassName ?? '';
    switch (scopeName) {
      case 'Terminating':
        return isTerminating;
      case 'NotTerminating':
        return !isTerminating;
      case 'BestEffort':
        return pod.status?.qosClass === 'BestEffort';
      case 'NotBestEffort':
        return pod.status?.qosClass !== 'BestEffort';
      case 'PriorityClass':
        return hasPriority(priority, operator, values);
      default:
        return false;
    }
  });
}

function hasPriority(priority: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'Exists') return priority !== '';
  if (operator === 'DoesNotExist') return priority === '';
  return values.includes(priority) === (operator === 'In');
}
