import { parseQuantity } from '@reeve/api';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { itemsOf, mapAt, objectAt } from '../object-path.ts';

/** How the node treats a pod when memory is short. */
export type QualityOfService = 'Guaranteed' | 'Burstable' | 'BestEffort';

const counted = ['cpu', 'memory'] as const;

/** `status.qosClass`: Guaranteed if all limits equal all requests, BestEffort if nobody asks for anything. */
export function qualityOfService(pod: ObjectValue): QualityOfService {
  const spec = objectAt(pod, 'spec');
  const parts = isObject(spec['resources'])
    ? [spec['resources']]
    : [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')].map((item) => objectAt(item, 'resources'));
  const requests = counted.map((name) => total(parts, 'requests', name));
  const limits = counted.map((name) => total(parts, 'limits', name));
  if ([...requests, ...limits].every((amount) => amount === 0n)) return 'BestEffort';
  const isLimited = parts.every((part) => counted.every((name) => amountOf(part, 'limits', name) > 0n));
  return isLimited && requests.every((amount, index) => amount === limits[index]) ? 'Guaranteed' : 'Burstable';
}

function total(parts: readonly ObjectValue[], list: string, name: string): bigint {
  return parts.reduce((sum, part) => sum + amountOf(part, list, name), 0n);
}

function amountOf(part: ObjectValue, list: string, name: string): bigint {
  const amount = mapAt(part, list)[name];
  const nano = amount === undefined ? 0n : parseQuantity(amount).nano;
  return nano > 0n ? nano : 0n;
}
