import type { ObjectValue } from '../../value.ts';
import { isObject } from '../../value.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Dynamic resource allocation, API priority and fairness, autoscaling. */
export const resourceDefaults: DefaultsTable = {
  'resource/v1.ExactDeviceRequest': { set: { allocationMode: 'ExactCount' }, adjust: defaultCount },
  'resource/v1.DeviceSubRequest': { set: { allocationMode: 'ExactCount' }, adjust: defaultCount },
  'resource/v1.DeviceToleration': { set: { operator: 'Equal' } },
  'resource/v1.NodeAllocatableResourceMapping': { set: { allocationMultiplier: '1' } },
  'flowcontrol/v1.FlowSchemaSpec': { set: { matchingPrecedence: 1000 } },
  'flowcontrol/v1.ExemptPriorityLevelConfiguration': { set: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'flowcontrol/v1.LimitedPriorityLevelConfiguration': { set: { nominalConcurrencyShares: 30, lendablePercent: 0 } },
  'flowcontrol/v1.QueuingConfiguration': { set: { handSize: 8, queues: 64, queueLengthLimit: 50 } },
  'autoscaling/v1.HorizontalPodAutoscalerSpec': { set: { minReplicas: 1 }, adjust: defaultUtilization },
  'autoscaling/v2.HorizontalPodAutoscalerSpec': { set: { minReplicas: 1 }, adjust: defaultMetrics },
  'autoscaling/v2.HorizontalPodAutoscalerBehavior': { adjust: completeBehavior },
};

function defaultCount(request: ObjectValue): void {
  if (request['allocationMode'] === 'ExactCount' && !request['count']) request['count'] = 1;
}

const defaultCpuUtilization = 80;

function defaultUtilization(spec: ObjectValue): void {
  spec['targetCPUUtilizationPercentage'] ??= defaultCpuUtilization;
}

function defaultMetrics(spec: ObjectValue): void {
  const metrics = spec['metrics'];
  if (Array.isArray(metrics) && metrics.length > 0) return;
  const target = { type: 'Utilization', averageUtilization: defaultCpuUtilization };
  spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
}

function completeBehavior(behavior: ObjectValue): void {
  const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
  const pods = { type: 'Pods', value: 4, periodSeconds: 15 };
  behavior['scaleUp'] = complete(behavior['scaleUp'], { stabilizationWindowSeconds: 0, policies: [pods, percent] });
  behavior['scaleDown'] = complete(behavior['scaleDown'], { policies: [percent] });
}

function complete(rules: unknown, defaults: ObjectValue): ObjectValue {
  const given = isObject(rules as ObjectValue) ? (rules as ObjectValue) : {};
  return { selectPolicy: 'Max', ...defaults, ...given };
}
