import { labelRequirements, matchesLabels, type LabelSelector } from '@reeve/api';
import { timestamp } from '../operations/times.ts';
import type { Core } from '../parts.ts';
import { loopbackUser } from '../request/user.ts';
import { forbidden, statusError, type StatusError } from '../status-error.ts';
import { isObject, metadataOf, type ObjectValue, type Value } from '../value.ts';
import { valueAt } from './scale-shape.ts';

/** Beyond this many unconfirmed evictions the budget's controller is taken to be absent. */
const maxDisruptedPods = 2000;
const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

function number(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** The budgets of a pod's namespace whose selector matches it; one without a selector matches nothing. */
export function budgetsOf({ registry, operations }: Core, pod: ObjectValue): readonly ObjectValue[] {
  const resource = registry.find('policy', 'v1', 'poddisruptionbudgets');
  const { namespace, labels } = metadataOf(pod);
  if (resource === undefined) return [];
  return operations.list(resource, String(namespace)).filter((budget) => {
    const selector = valueAt(budget, ['spec', 'selector']);
    const requirements = isObject(selector) ? labelRequirements(selector as LabelSelector) : undefined;
    return matchesLabels(requirements, isObject(labels) ? (labels as Record<string, string>) : {});
  });
}

/** Whether an unready pod may go without asking the budget's count (KEP-3017). */
export function letsUnreadyGo(budget: ObjectValue): boolean {
  if (valueAt(budget, ['spec', 'unhealthyPodEvictionPolicy']) === 'AlwaysAllow') return true;
  const desired = number(valueAt(budget, ['status', 'desiredHealthy']));
  return desired > 0 && number(valueAt(budget, ['status', 'currentHealthy'])) >= desired;
}

/** 429, which asks the client to come again. */
export function tooManyRequests(message: string, retryAfterSeconds?: number): StatusError {
  return statusError(429, 'TooManyRequests', refusal, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Takes one disruption from the budget for a pod, or throws why it has none. */
export async function spendDisruption(core: Core, budget: ObjectValue, pod: string, dryRun: boolean): Promise<void> {
  const resource = core.registry.find('policy', 'v1', 'poddisruptionbudgets');
  if (resource === undefined) return;
  const { namespace, name } = metadataOf(budget);
  const now = core.options.clock.now();
  const change = (current: ObjectValue | undefined): ObjectValue => {
    const object = current ?? budget;
    checkBudget(object);
    countDisruption(object, pod, now);
    return object;
  };
  if (dryRun) {
    checkBudget(budget);
    return;
  }
  const request = {
    user: loopbackUser,
    now,
    dryRun,
    fieldManager: 'kube-apiserver',
    subresource: 'status',
    warn: () => {},
  };
  await core.operations.update(resource, String(namespace), String(name), change, request);
}

function checkBudget(budget: ObjectValue): void {
  const { name, generation } = metadataOf(budget);
  const status = isObject(budget['status']) ? budget['status'] : {};
  const allowed = number(status['disruptionsAllowed']);
  if (number(status['observedGeneration']) < number(generation)) {
    throw tooManyRequests(`The disruption budget ${String(name)} is still being processed by the server.`, 10);
  }
  const named = { group: 'policy', plural: 'poddisruptionbudget' };
  if (allowed < 0) throw forbidden(named, String(name), 'pdb disruptions allowed is negative');
  if (isObject(status['disruptedPods']) && Object.keys(status['disruptedPods']).length > maxDisruptedPods) {
    const detail = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(named, String(name), detail);
  }
  if (allowed === 0) throw tooManyRequests(whyNone(String(name), status));
}

function whyNone(name: string, status: ObjectValue): string {
  const conditions = Array.isArray(status['conditions']) ? status['conditions'].filter(isObject) : [];
  const condition = conditions.find(({ type, status: value }) => type === 'DisruptionAllowed' && value === 'False');
  const message = condition?.['message'];
  const told = typeof message === 'string' && message !== '' ? message : undefined;
  const [current, desired] = [number(status['currentHealthy']), number(status['desiredHealthy'])];
  if (told !== undefined && condition?.['reason'] === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${told}`;
  }
  if (current <= desired) {
    return `The disruption budget ${name} needs ${desired} healthy pods and has ${current} currently`;
  }
  const why = told === undefined ? '' : ` (${String(condition?.['reason'])}): ${told}`;
  return `The disruption budget ${name} does not allow evicting pods currently${why}`;
}

function countDisruption(budget: ObjectValue, pod: string, now: number): void {
  const status = isObject(budget['status']) ? budget['status'] : {};
  budget['status'] = status;
  status['disruptionsAllowed'] = number(status['disruptionsAllowed']) - 1;
  const disrupted = isObject(status['disruptedPods']) ? status['disruptedPods'] : {};
  status['disruptedPods'] = { ...disrupted, [pod]: timestamp(now) };
  if (status['disruptionsAllowed'] === 0) setDisallowed(status, now);
}

/** The condition as the disruption controller keeps it. */
function setDisallowed(status: ObjectValue, now: number): void {
  const conditions = Array.isArray(status['conditions']) ? status['conditions'] : [];
  const index = conditions.findIndex((item) => isObject(item) && item['type'] === 'DisruptionAllowed');
  const known = conditions[index];
  const time = isObject(known) && known['status'] === 'False' ? known['lastTransitionTime'] : undefined;
  const condition: ObjectValue = {
    type: 'DisruptionAllowed',
    status: 'False',
    observedGeneration: number(status['observedGeneration']),
    lastTransitionTime: time ?? timestamp(now),
    reason: 'InsufficientPods',
    message: '',
  };
  status['conditions'] = index < 0 ? [...conditions, condition] : conditions.with(index, condition);
}
