import { timestamp } from '../operations/times.ts';
import { isObject, type ObjectValue } from '../value.ts';

/** Sets a condition in a pod's status; its time changes only when its status does. */
export function setPodCondition(pod: ObjectValue, condition: ObjectValue, now: number): void {
  const status: ObjectValue = isObject(pod['status']) ? pod['status'] : {};
  pod['status'] = status;
  const conditions = Array.isArray(status['conditions']) ? status['conditions'] : [];
  status['conditions'] = conditions;
  const index = conditions.findIndex((item) => isObject(item) && item['type'] === condition['type']);
  const known = conditions[index];
  const kept = isObject(known) && known['status'] === condition['status'] ? known['lastTransitionTime'] : undefined;
  const { type = '', status: value = '', ...rest } = condition;
  const made = { type, status: value, lastProbeTime: null, lastTransitionTime: kept ?? timestamp(now), ...rest };
  if (index < 0) conditions.push(made);
  else conditions[index] = made;
}

/** Whether the pod's condition Ready is True. */
export function isPodReady(pod: ObjectValue): boolean {
  const status = pod['status'];
  const conditions = isObject(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.some((item) => isObject(item) && item['type'] === 'Ready' && item['status'] === 'True');
}
