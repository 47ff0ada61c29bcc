import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { assign, itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { qualityOfService } from '../../preparation/pod-quality.ts';
import { hostnameWarnings } from '../name-warnings.ts';
import { checkNarrowed } from './gated-pod.ts';
import type { Problems } from '../problems.ts';
import type { Validator } from '../validator.ts';
import { validator } from '../validator.ts';
import { checkAppArmor } from './annotations.ts';
import { checkImageSpace } from './container.ts';
import { checkPodSpec } from './pod-spec.ts';
import { checkPodStatus } from './pod-status.ts';
import { podWarnings } from './pod-warnings.ts';
import { checkTolerations } from './scheduling.ts';

/** Pods, in full, and what may change once they are there. */
export const podValidator: Validator = validator({
  create: (problems, pod) => {
    checkPod(problems, pod);
    const spec = objectAt(pod, 'spec');
    if (itemsOf(spec, 'ephemeralContainers').length > 0) {
      problems.forbidden('spec.ephemeralContainers', 'cannot be set on create');
    }
    if (textAt(spec, 'nodeName') !== '' && itemsOf(spec, 'schedulingGates').length > 0) {
      problems.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
    }
    checkAppArmor(problems, 'metadata.annotations', 'spec', metadataOf(pod), spec);
  },
  update: checkUpdate,
  subresources: { status: checkPodStatus, ephemeralcontainers: checkDebugging, resize: checkResize },
  warnings: (pod, old, { subresource }) =>
    subresource === '' || subresource === 'ephemeralcontainers'
      ? [
          ...podWarnings('spec', objectAt(pod, 'spec'), metadataOf(pod)),
          ...hostnameWarnings(pod, old, "in the Pod's hostname"),
        ]
      : [],
});

function checkPod(problems: Problems, pod: ObjectValue): void {
  const spec = objectAt(pod, 'spec');
  checkPodSpec(problems, 'spec', spec, textAt(metadataOf(pod), 'name'), true);
  if (textAt(spec, 'serviceAccountName') === '') checkTokens(problems, spec);
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of itemsOf(spec, list).entries()) {
      checkImageSpace(problems, `spec.${list}[${index}]`, container);
    }
  }
}

function checkTokens(problems: Problems, spec: ObjectValue): void {
  for (const [index, volume] of itemsOf(spec, 'volumes').entries()) {
    for (const [place, source] of itemsOf(objectAt(volume, 'projected'), 'sources').entries()) {
      if (!isObject(source['serviceAccountToken'])) continue;
      const path = `spec.volumes[${index}].projected.sources[${place}].serviceAccountToken`;
      problems.forbidden(path, 'must not be specified when serviceAccountName is not set');
    }
  }
}

const changeable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function checkUpdate(problems: Problems, pod: ObjectValue, old: ObjectValue): void {
  checkPod(problems, pod);
  const spec = objectAt(pod, 'spec');
  const before = objectAt(old, 'spec');
  for (const list of ['containers', 'initContainers']) {
    const containers = itemsOf(spec, list);
    if (containers.length !== itemsOf(before, list).length) {
      return problems.forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
    }
    for (const [index, container] of containers.entries()) {
      if (textAt(container, 'image') === '') problems.required(`spec.${list}[${index}].image`);
      checkImageSpace(problems, `spec.${list}[${index}]`, container);
    }
  }
  if (!checkDeadline(problems, spec, before)) return;
  checkAddedTolerations(problems, spec, before);
  checkRemovedGates(problems, spec, before);
  if (itemsOf(before, 'schedulingGates').length > 0) checkNarrowed(problems, spec, before);
  if (semanticallyEqual(withoutChangeable(spec, before), before)) return;
  problems.forbidden('spec', `pod updates may not change fields other than ${changeable}\n`);
}

/** False ends the checks. */
function checkDeadline(problems: Problems, spec: ObjectValue, before: ObjectValue): boolean {
  const path = 'spec.activeDeadlineSeconds';
  const seconds = numberAt(spec, 'activeDeadlineSeconds');
  const earlier = numberAt(before, 'activeDeadlineSeconds');
  if (seconds === undefined) {
    if (earlier !== undefined) problems.invalid(path, null, 'must not update from a positive integer to nil value');
    return true;
  }
  if (seconds < 0 || seconds > 2 ** 31 - 1) {
    problems.invalid(path, seconds, 'must be between 0 and 2147483647, inclusive');
    return false;
  }
  if (earlier === undefined || earlier >= seconds) return true;
  problems.invalid(path, seconds, 'must be less than or equal to previous value');
  return false;
}

function checkAddedTolerations(problems: Problems, spec: ObjectValue, before: ObjectValue): void {
  const tolerations = itemsOf(spec, 'tolerations');
  const isKept = (old: ObjectValue): boolean =>
    tolerations.some((toleration) =>
      semanticallyEqual({ ...old, tolerationSeconds: null }, { ...toleration, tolerationSeconds: null }),
    );
  if (!itemsOf(before, 'tolerations').every(isKept)) {
    const detail = 'existing toleration can not be modified except its tolerationSeconds';
    return problems.forbidden('spec.tolerations', detail);
  }
  checkTolerations(problems, 'spec.tolerations', tolerations);
}

function checkRemovedGates(problems: Problems, spec: ObjectValue, before: ObjectValue): void {
  const known = new Set(itemsOf(before, 'schedulingGates').map((gate) => textAt(gate, 'name')));
  for (const [index, gate] of itemsOf(spec, 'schedulingGates').entries()) {
    const name = textAt(gate, 'name');
    if (known.has(name)) continue;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    problems.forbidden(`spec.schedulingGates[${index}].name`, detail);
  }
}

/** The new spec with the old values of all that may change. */
function withoutChangeable(spec: ObjectValue, before: ObjectValue): ObjectValue {
  const made: ObjectValue = { ...spec };
  for (const list of ['containers', 'initContainers']) {
    if (!Array.isArray(spec[list])) continue;
    made[list] = itemsOf(spec, list).map((container, index) => ({
      ...container,
      image: itemsOf(before, list)[index]?.['image'] ?? '',
    }));
  }
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) assign(made, field, before[field]);
  const grace = numberAt(before, 'terminationGracePeriodSeconds') ?? 0;
  if (grace < 0 && made['terminationGracePeriodSeconds'] === 1) made['terminationGracePeriodSeconds'] = grace;
  if (itemsOf(before, 'schedulingGates').length > 0) keepDirectives(made, before);
  return made;
}

/** While a pod is held back by gates, where it may run can still be narrowed (KEP-3838). */
function keepDirectives(made: ObjectValue, before: ObjectValue): void {
  assign(made, 'nodeSelector', before['nodeSelector']);
  const affinity = { ...objectAt(made, 'affinity') };
  assign(affinity, 'nodeAffinity', objectAt(before, 'affinity')['nodeAffinity']);
  assign(made, 'affinity', Object.keys(affinity).length > 0 ? affinity : before['affinity']);
}

function checkDebugging(problems: Problems, pod: ObjectValue, old: ObjectValue): void {
  checkPod(problems, pod);
  const containers = itemsOf(objectAt(pod, 'spec'), 'ephemeralContainers');
  for (const before of itemsOf(objectAt(old, 'spec'), 'ephemeralContainers')) {
    const name = textAt(before, 'name');
    const now = containers.find((container) => textAt(container, 'name') === name);
    if (now !== undefined && semanticallyEqual(now, before)) continue;
    const what = now === undefined ? 'removed' : 'changed';
    const detail = `existing ephemeral containers ${JSON.stringify(name)} may not be ${what}\n`;
    problems.forbidden('spec.ephemeralContainers', detail);
  }
}

function checkResize(problems: Problems, pod: ObjectValue, old: ObjectValue): void {
  checkPod(problems, pod);
  const quality = textAt(objectAt(old, 'status'), 'qosClass');
  if (quality !== qualityOfService(pod)) {
    problems.invalid('spec', quality, 'Pod QOS Class may not change as a result of resizing');
  }
  const spec = objectAt(pod, 'spec');
  const before = objectAt(old, 'spec');
  for (const list of ['initContainers', 'containers']) {
    const containers = itemsOf(spec, list);
    for (const [index, container] of itemsOf(before, list).entries()) {
      checkRemovedAmounts(problems, `spec.${list}[${index}].resources`, containers[index], container);
    }
  }
  if (problems.errors.length > 0) return;
  const made: ObjectValue = { ...spec };
  assign(made, 'resources', before['resources']);
  for (const list of ['containers', 'initContainers']) {
    if (!Array.isArray(spec[list])) continue;
    made[list] = itemsOf(spec, list).map((container, index) =>
      withoutResources(container, itemsOf(before, list)[index]),
    );
  }
  if (!semanticallyEqual(made, before)) problems.forbidden('spec', 'only cpu and memory resources are mutable');
}

/** What a container asked for stays asked for; only how much may change. */
function checkRemovedAmounts(
  problems: Problems,
  path: string,
  container: ObjectValue | undefined,
  before: ObjectValue,
): void {
  for (const part of ['requests', 'limits']) {
    const amounts = mapAt(objectAt(container, 'resources'), part);
    const earlier = Object.keys(mapAt(objectAt(before, 'resources'), part));
    if (earlier.every((name) => name in amounts)) continue;
    problems.forbidden(`${path}.${part}`, `resource ${part} cannot be removed`);
  }
}

function withoutResources(container: ObjectValue, before: ObjectValue | undefined): ObjectValue {
  const made: ObjectValue = { ...container };
  const resources = { ...objectAt(container, 'resources') };
  const earlier = objectAt(before, 'resources');
  for (const part of ['requests', 'limits']) {
    const amounts: Record<string, string> = { ...mapAt(resources, part) };
    for (const name of ['cpu', 'memory']) {
      const amount = mapAt(earlier, part)[name];
      if (amount === undefined) delete amounts[name];
      else amounts[name] = amount;
    }
    assign(resources, part, Object.keys(amounts).length > 0 ? amounts : undefined);
  }
  assign(made, 'resources', maybeObject(container, 'resources') === undefined ? undefined : resources);
  return made;
}
