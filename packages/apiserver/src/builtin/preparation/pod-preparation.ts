import { isObject, metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { timestamp } from '../../operations/times.ts';
import { semanticallyEqual } from '../equality.ts';
import { assign, itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../object-path.ts';
import type { KindPreparation } from './kind-preparation.ts';
import { qualityOfService } from './pod-quality.ts';
import { copyOf, keepMetadata, raiseGeneration } from './prepare-object.ts';

/** Pods: their first status, selectors completed from their labels, and what each subresource may change. */
export const podPreparation: KindPreparation = {
  create: prepareCreatedPod,
  subresources: {
    status: preparePodStatus,
    ephemeralcontainers: (pod, old) => keepAllBut(pod, old, keepOtherContainers),
    resize: (pod, old) => keepAllBut(pod, old, keepButResources),
  },
};

function prepareCreatedPod(pod: ObjectValue, { now }: { readonly now: number }): void {
  const status: ObjectValue = { phase: 'Pending', qosClass: qualityOfService(pod) };
  const spec = objectAt(pod, 'spec');
  if (itemsOf(spec, 'schedulingGates').length > 0) status['conditions'] = [gatedCondition(now)];
  pod['status'] = status;
  const labels = mapAt(metadataOf(pod), 'labels');
  for (const term of affinityTerms(objectAt(spec, 'affinity'))) {
    completeSelector(term, 'matchLabelKeys', 'In', labels);
    completeSelector(term, 'mismatchLabelKeys', 'NotIn', labels);
  }
  for (const constraint of itemsOf(spec, 'topologySpreadConstraints')) {
    completeSelector(constraint, 'matchLabelKeys', 'In', labels);
  }
}

function gatedCondition(now: number): ObjectValue {
  return {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: timestamp(now),
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
}

/** Every term of pod affinity and anti-affinity, required and preferred. */
export function affinityTerms(affinity: ObjectValue): readonly ObjectValue[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((side) => [
    ...itemsOf(objectAt(affinity, side), 'requiredDuringSchedulingIgnoredDuringExecution'),
    ...itemsOf(objectAt(affinity, side), 'preferredDuringSchedulingIgnoredDuringExecution').map((preferred) =>
      objectAt(preferred, 'podAffinityTerm'),
    ),
  ]);
}

/** KEP-3633 and KEP-3243: the values of the pod's own labels become part of the selector. */
function completeSelector(
  term: ObjectValue,
  keysField: string,
  operator: string,
  labels: Readonly<Record<string, string>>,
): void {
  const selector = maybeObject(term, 'labelSelector');
  const keys = textsAt(term, keysField).filter((key) => key in labels);
  if (selector === undefined || keys.length === 0) return;
  const made = keys.map((key) => ({ key, operator, values: [labels[key] ?? ''] }));
  selector['matchExpressions'] = [...itemsOf(selector, 'matchExpressions'), ...made];
}

function preparePodStatus(pod: ObjectValue, old: ObjectValue): void {
  const status = pod['status'];
  const before = objectAt(old, 'status');
  if (!isObject(status)) return;
  status['qosClass'] ||= textAt(before, 'qosClass');
  if (!status['observedGeneration']) assign(status, 'observedGeneration', before['observedGeneration']);
  const generations = itemsOf(before, 'conditions').map((condition) => ({
    type: textAt(condition, 'type'),
    generation: numberAt(condition, 'observedGeneration'),
  }));
  for (const condition of itemsOf(status, 'conditions')) {
    const index = generations.findIndex(({ type }) => type === condition['type']);
    const [earlier] = index < 0 ? [] : generations.splice(index, 1);
    if (!condition['observedGeneration']) assign(condition, 'observedGeneration', earlier?.generation);
  }
}

function keepAllBut(pod: ObjectValue, old: ObjectValue, keep: (spec: ObjectValue, before: ObjectValue) => void): void {
  const before = objectAt(old, 'spec');
  const spec = objectAt(pod, 'spec');
  keep(spec, before);
  assign(pod, 'status', copyOf(old['status']));
  keepMetadata(pod, old);
  if (!semanticallyEqual(pod['spec'], old['spec'])) raiseGeneration(pod, old);
}

function keepOtherContainers(spec: ObjectValue, before: ObjectValue): void {
  const ephemeral = spec['ephemeralContainers'];
  for (const key of Object.keys(spec)) delete spec[key];
  Object.assign(spec, structuredClone(before));
  assign(spec, 'ephemeralContainers', ephemeral);
}

/** Containers that came, went or changed places are left for validation to refuse. */
function keepButResources(spec: ObjectValue, before: ObjectValue): void {
  const lists = ['containers', 'initContainers'] as const;
  if (lists.some((list) => itemsOf(spec, list).length !== itemsOf(before, list).length)) return;
  const made = lists.map((list) => mergeResources(spec[list], itemsOf(spec, list), itemsOf(before, list)));
  const { resources } = spec;
  for (const key of Object.keys(spec)) delete spec[key];
  Object.assign(spec, structuredClone(before));
  assign(spec, 'resources', resources);
  lists.forEach((list, index) => assign(spec, list, made[index]));
}

function mergeResources(
  given: ObjectValue[string] | undefined,
  containers: readonly ObjectValue[],
  before: readonly ObjectValue[],
): ObjectValue[string] | undefined {
  if (containers.length === 0) return given;
  if (containers.some((container, index) => container['name'] !== before[index]?.['name'])) return given;
  return containers.map((container, index) => {
    const made: ObjectValue = structuredClone(before[index] ?? {});
    assign(made, 'resources', container['resources']);
    assign(made, 'resizePolicy', container['resizePolicy']);
    return made;
  });
}
