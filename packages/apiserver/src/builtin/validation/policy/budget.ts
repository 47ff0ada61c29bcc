import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { numberAt, objectAt, textAt } from '../../object-path.ts';
import { oneOf } from '../checks.ts';
import { checkConditions } from '../conditions.ts';
import { checkImmutable } from '../immutable.ts';
import { labelSelector } from '../label-selector-check.ts';
import { checkAtMostAll, checkCounts, checkIntOrPercent } from '../workloads/counts.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

function checkBudget(problems: Problems, budget: ObjectValue): void {
  const spec = objectAt(budget, 'spec');
  if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
    const shown = {
      MinAvailable: spec['minAvailable'],
      Selector: spec['selector'] ?? null,
      MaxUnavailable: spec['maxUnavailable'],
      UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
    };
    problems.invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    checkIntOrPercent(problems, `spec.${field}`, spec[field]);
    checkAtMostAll(problems, `spec.${field}`, spec[field]);
  }
  labelSelector(problems, 'spec.selector', spec['selector']);
  const policy = spec['unhealthyPodEvictionPolicy'];
  oneOf('AlwaysAllow', 'IfHealthyBudget')(problems, 'spec.unhealthyPodEvictionPolicy', policy);
}

export const budgetValidator: Validator = validator({
  create: checkBudget,
  subresources: {
    status: (problems, budget) => {
      const status = objectAt(budget, 'status');
      checkConditions(problems, 'status.conditions', status);
      checkCounts(problems, 'status', status, [
        'disruptionsAllowed',
        'currentHealthy',
        'desiredHealthy',
        'expectedPods',
      ]);
    },
  },
});

const highestPriority = 1_000_000_000;

/** The classes of the system, by name. */
export const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** What makes a class with a reserved name not one of the system's. */
function systemProblem(priorityClass: ObjectValue, name: string): string | undefined {
  const value = systemPriorities[name];
  if (value === undefined) return `${name} is not a known system priority class`;
  const own = numberAt(priorityClass, 'value') ?? 0;
  if (own !== value) return `value of ${name} PriorityClass must be ${value}`;
  return priorityClass['globalDefault'] === true ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export const priorityClassValidator: Validator = validator({
  create: (problems, priorityClass) => {
    const name = textAt(metadataOf(priorityClass), 'name');
    if (name.startsWith('system-')) {
      const problem = systemProblem(priorityClass, name);
      if (problem !== undefined) {
        const detail = "priority class names with 'system-' prefix are reserved for system use only. error: ";
        problems.forbidden('metadata.name', `${detail}${problem}`);
      }
    } else if ((numberAt(priorityClass, 'value') ?? 0) > highestPriority) {
      problems.forbidden('value', `maximum allowed value of a user defined priority is ${highestPriority}`);
    }
    const policy = priorityClass['preemptionPolicy'];
    if (policy === '') problems.required('preemptionPolicy');
    oneOf('Never', 'PreemptLowerPriority')(problems, 'preemptionPolicy', policy);
  },
  update: (problems, priorityClass, old) => {
    if ((numberAt(priorityClass, 'value') ?? 0) !== (numberAt(old, 'value') ?? 0)) {
      problems.forbidden('value', 'may not be changed in an update.');
    }
    checkImmutable(problems, 'preemptionPolicy', priorityClass, old);
  },
});
