import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../builtin/object-path.ts';
import type { ObjectValue } from '../value.ts';
import { ageColumn, nameColumn, numberCell, shortened, textCell } from './cells.ts';
import { integer, text } from './column.ts';
import type { PrinterTable } from './printer.ts';

const maxShown = 2;

/** Autoscalers (in their second version) and scales. */
export const autoscalingPrinters: PrinterTable = {
  'autoscaling/HorizontalPodAutoscaler': {
    columns: [
      nameColumn,
      text('Reference', (object) => {
        const target = objectAt(objectAt(object, 'spec'), 'scaleTargetRef');
        return `${textAt(target, 'kind')}/${textAt(target, 'name')}`;
      }),
      text('Targets', targets),
      text('MinPods', textCell('spec.minReplicas', '<unset>')),
      text('MaxPods', numberCell('spec.maxReplicas')),
      text('Replicas', numberCell('status.currentReplicas')),
      ageColumn,
    ],
  },
  'autoscaling/Scale': {
    columns: [
      { ...nameColumn, format: '' },
      integer('Desired', numberCell('spec.replicas')),
      integer('Available', numberCell('status.replicas')),
      ageColumn,
    ],
  },
};

/** Where each type of metric keeps its target and its current value. */
const sources: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

function targets(object: ObjectValue): string {
  const current = itemsOf(objectAt(object, 'status'), 'currentMetrics');
  const metrics = itemsOf(objectAt(object, 'spec'), 'metrics').map((metric, index) => {
    const key = sources[textAt(metric, 'type')];
    return key === undefined ? '<unknown type>' : target(objectAt(metric, key), maybeObject(current[index], key), key);
  });
  return metrics.length === 0 ? '<none>' : shortened(metrics, maxShown, ', ');
}

function target(source: ObjectValue, state: ObjectValue | undefined, key: string): string {
  const wanted = objectAt(source, 'target');
  const now = objectAt(state, 'current');
  const isResource = key === 'resource' || key === 'containerResource';
  const prefix = isResource ? `${textAt(source, 'name')}: ` : '';
  const amount = (of: ObjectValue, field: string): string => textAt(of, field) || (state === undefined ? '' : '0');
  if (wanted['averageValue'] !== undefined) {
    const mark = key === 'object' || key === 'external' ? ' (avg)' : '';
    return `${prefix}${amount(now, 'averageValue') || '<unknown>'}/${textAt(wanted, 'averageValue')}${mark}`;
  }
  if (!isResource) return `${amount(now, 'value') || '<unknown>'}/${textAt(wanted, 'value')}`;
  return `${prefix}${percent(now) ?? '<unknown>'}/${percent(wanted) ?? '<auto>'}`;
}

function percent(part: ObjectValue): string | undefined {
  const utilization = numberAt(part, 'averageUtilization');
  return utilization === undefined ? undefined : `${utilization}%`;
}
