import { addQuantities, compareQuantities, formatQuantity, parseQuantity } from '@reeve/api';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, mapAt, objectAt } from '../object-path.ts';

type Amounts = Readonly<Record<string, string>>;

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

/** Resources of the pod as a whole (KEP-2837): what its containers ask for, else its limits. */
export function defaultPodResources(spec: ObjectValue): void {
  const resources = spec['resources'];
  if (!isObject(resources)) return;
  defaultHugePageLimits(spec, resources);
  const limits = mapAt(resources, 'limits');
  if (Object.keys(limits).length === 0) return;
  const asked = pick(podTotals(spec, 'requests'), (name) => isPodLevel(name) && !isHugePages(name));
  const requests = { ...pick(limits, isPodLevel), ...asked, ...mapAt(resources, 'requests') };
  if (Object.keys(requests).length > 0) resources['requests'] = requests;
}

function defaultHugePageLimits(spec: ObjectValue, resources: ObjectValue): void {
  const limits = mapAt(resources, 'limits');
  const requests = mapAt(resources, 'requests');
  if (Object.keys(limits).length === 0 && Object.keys(requests).length === 0) return;
  const made = pick(podTotals(spec, 'limits'), (name) => isHugePages(name) && !(name in requests) && !(name in limits));
  if (Object.keys(made).length > 0) resources['limits'] = { ...limits, ...made };
}

/**
 * What a pod's containers need together: the sum of those that run all the time, or what starting up needs if that is
 * more (sidecars that started before an init container count beside it).
 */
export function podTotals(spec: ObjectValue, part: 'requests' | 'limits'): Amounts {
  const amountsOf = (container: ObjectValue): Amounts => mapAt(objectAt(container, 'resources'), part);
  let running = itemsOf(spec, 'containers').map(amountsOf).reduce(sum, {});
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const container of itemsOf(spec, 'initContainers')) {
    const amounts = amountsOf(container);
    if (container['restartPolicy'] === 'Always') {
      running = sum(running, amounts);
      sidecars = sum(sidecars, amounts);
      starting = most(starting, sidecars);
    } else {
      starting = most(starting, sum(amounts, sidecars));
    }
  }
  return most(running, starting);
}

/** Adds two resource lists. */
export function sum(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => formatQuantity(addQuantities(parseQuantity(a), parseQuantity(b))));
}

function most(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => (compareQuantities(a, b) >= 0 ? a : b));
}

function combine(left: Amounts, right: Amounts, both: (a: string, b: string) => string): Amounts {
  const result: Record<string, string> = { ...left };
  for (const [name, amount] of Object.entries(right)) {
    const other = result[name];
    result[name] = other === undefined ? amount : both(other, amount);
  }
  return result;
}

function pick(amounts: Amounts, wanted: (name: string) => boolean): Amounts {
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => wanted(name)));
}
