import type { ResourceInfo } from '../registry/resource-info.ts';
import { horizontalFromV1, horizontalToV1 } from './autoscaler-conversion.ts';
import { eventFromCore, eventToCore } from './event-conversion.ts';

type Conversions = Pick<ResourceInfo, 'fromStorage' | 'toStorage'>;

const none: Conversions = {};

const conversions: Readonly<Record<string, Conversions>> = {
  'events.k8s.io/v1/events': { fromStorage: eventFromCore, toStorage: eventToCore },
  'autoscaling/v1/horizontalpodautoscalers': { fromStorage: horizontalToV1, toStorage: horizontalFromV1 },
};

/** How a resource that shares the store of another version is read and written; by `group/version/plural`. */
export function conversionsOf(path: string): Conversions {
  return conversions[path] ?? none;
}
