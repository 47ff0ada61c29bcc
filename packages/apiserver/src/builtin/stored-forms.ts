import type { ResourceInfo } from '../registry/resource-info.ts';
import { horizontalFromV1, horizontalToV1 } from './autoscaler-conversion.ts';
import { inheritLabels } from './defaults/batch-defaults.ts';
import { objectAt } from './object-path.ts';
import type { ObjectValue } from '../value.ts';
import { eventFromCore, eventToCore } from './event-conversion.ts';

type Conversions = Pick<ResourceInfo, 'fromStorage' | 'toStorage'>;

const none: Conversions = {};

const conversions: Readonly<Record<string, Conversions>> = {
  'events.k8s.io/v1/events': { fromStorage: eventFromCore, toStorage: eventToCore },
  'batch/v1/jobs': { fromStorage: jobWithLabels, toStorage: (job) => job },
  'autoscaling/v1/horizontalpodautoscalers': { fromStorage: horizontalToV1, toStorage: horizontalFromV1 },
};

/** Reading a stored job defaults it once more, now that its template has labels; the next write keeps them. */
function jobWithLabels(job: ObjectValue): ObjectValue {
  inheritLabels(job, objectAt(job, 'spec'));
  return job;
}

/** How a resource that shares the store of another version is read and written; by `group/version/plural`. */
export function conversionsOf(path: string): Conversions {
  return conversions[path] ?? none;
}
