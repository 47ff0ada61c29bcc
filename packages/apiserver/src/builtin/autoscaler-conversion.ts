import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { internalForm, versionedForm } from './internal-form.ts';
import { metricFromV1, metricToV1, statusFromV1, statusToV1 } from './autoscaler-metrics.ts';
import { assign, itemsOf, mapAt, maybeObject, numberAt, objectAt } from './object-path.ts';

/** What autoscaling/v1 cannot say is kept in annotations, as JSON. */
const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsNote = `${prefix}metrics`;
const behaviorNote = `${prefix}behavior`;
const currentNote = `${prefix}current-metrics`;
const conditionsNote = `${prefix}conditions`;
const notes = [metricsNote, behaviorNote, currentNote, conditionsNote];
const behaviorType = 'k8s.io/api/autoscaling/v2.HorizontalPodAutoscalerBehavior';

/** An autoscaler of the second version in the form of the first. The object is the caller's. */
export function horizontalToV1(object: ObjectValue): ObjectValue {
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  const metrics = itemsOf(spec, 'metrics');
  const cpu = metrics.find(isCpuUtilization);
  const { metrics: _, behavior, ...plainSpec } = spec;
  const { currentMetrics, conditions, ...plainStatus } = status;
  const others = metrics.filter((metric) => !isCpuUtilization(metric)).map(metricToV1);
  note(object, metricsNote, others.length > 0 ? others : undefined);
  note(object, behaviorNote, isObject(behavior) ? internalForm(behaviorType, behavior) : undefined);
  note(object, currentNote, isFilled(currentMetrics) ? itemsOf(status, 'currentMetrics').map(statusToV1) : undefined);
  note(object, conditionsNote, isFilled(conditions) ? conditions : undefined);
  const current = itemsOf(status, 'currentMetrics').find(isCpu);
  const made: ObjectValue = {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: plainSpec,
    status: withCount(plainStatus),
  };
  assign(objectAt(made, 'spec'), 'targetCPUUtilizationPercentage', utilization(cpu, 'target'));
  assign(objectAt(made, 'status'), 'currentCPUUtilizationPercentage', utilization(current, 'current'));
  return made;
}

/** An autoscaler of the first version in the form of the second. The object is the caller's. */
export function horizontalFromV1(object: ObjectValue): ObjectValue {
  const { targetCPUUtilizationPercentage: target, ...spec } = objectAt(object, 'spec');
  const { currentCPUUtilizationPercentage: current, ...status } = objectAt(object, 'status');
  const others = listNote(object, metricsNote).map(metricFromV1);
  const cpu = target === undefined ? [] : [cpuMetric('target', { type: 'Utilization', averageUtilization: target })];
  const metrics = [...others, ...cpu];
  const given = listNote(object, currentNote).map(statusFromV1);
  const states =
    given.length === 0 && current !== undefined ? [cpuMetric('current', { averageUtilization: current })] : given;
  const behavior = readNote(object, behaviorNote);
  const conditions = listNote(object, conditionsNote);
  const annotations = mapAt(metadataOf(object), 'annotations');
  const kept = Object.entries(annotations).filter(([name]) => !notes.includes(name));
  const metadata = { ...metadataOf(object) };
  assign(metadata, 'annotations', kept.length > 0 ? Object.fromEntries(kept) : undefined);
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata,
    spec: {
      ...spec,
      metrics: metrics.length > 0 ? metrics : [cpuMetric('target', { type: 'Utilization', averageUtilization: 80 })],
      ...(isObject(behavior) ? { behavior: versionedForm(behaviorType, behavior) } : {}),
    },
    status: {
      ...withoutZeroCount(status),
      currentMetrics: states.length > 0 ? states : null,
      ...(conditions.length > 0 ? { conditions: [...conditions] } : {}),
    },
  };
}

/** The first version always tells the number of replicas, the second one leaves out zero. */
const withCount = (status: ObjectValue): ObjectValue => ({ currentReplicas: 0, ...status });

function withoutZeroCount(status: ObjectValue): ObjectValue {
  const { currentReplicas, ...others } = status;
  return currentReplicas === 0 || currentReplicas === undefined ? others : status;
}

function isCpu(metric: ObjectValue): boolean {
  return metric['type'] === 'Resource' && objectAt(metric, 'resource')['name'] === 'cpu';
}

function isCpuUtilization(metric: ObjectValue): boolean {
  return isCpu(metric) && utilization(metric, 'target') !== undefined;
}

function utilization(metric: ObjectValue | undefined, part: string): number | undefined {
  return numberAt(maybeObject(objectAt(metric, 'resource'), part), 'averageUtilization');
}

function cpuMetric(part: string, value: ObjectValue): ObjectValue {
  return { type: 'Resource', resource: { name: 'cpu', [part]: value } };
}

const isFilled = (value: Value | undefined): boolean => Array.isArray(value) && value.length > 0;

function note(object: ObjectValue, name: string, value: Value | undefined): void {
  const metadata = metadataOf(object);
  const annotations = { ...mapAt(metadata, 'annotations') };
  if (value === undefined) delete annotations[name];
  else annotations[name] = JSON.stringify(value);
  assign(metadata, 'annotations', Object.keys(annotations).length > 0 ? annotations : undefined);
}

/** Notes that cannot be read count as absent. */
function readNote(object: ObjectValue, name: string): Value | undefined {
  const text = mapAt(metadataOf(object), 'annotations')[name];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function listNote(object: ObjectValue, name: string): readonly ObjectValue[] {
  const value = readNote(object, name);
  return Array.isArray(value) ? value.filter(isObject) : [];
}
