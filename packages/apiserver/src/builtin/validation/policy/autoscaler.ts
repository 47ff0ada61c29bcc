import { compareQuantities } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { horizontalFromV1 } from '../../autoscaler-conversion.ts';
import { requiredBecause } from '../checks.ts';
import { dnsLabel, pathSegment } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkCounts } from '../workloads/counts.ts';

/** What kind of metric has which field, in the order of looking. */
const metricFields: Readonly<Record<string, string>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function checkAutoscaler(problems: Problems, autoscaler: ObjectValue): void {
  const spec = objectAt(autoscaler, 'spec');
  const least = numberAt(spec, 'minReplicas');
  const most = numberAt(spec, 'maxReplicas') ?? 0;
  if (least !== undefined && least < 1) {
    problems.invalid('spec.minReplicas', least, 'must be greater than or equal to 1');
  }
  if (most === 0) problems.required('spec.maxReplicas', 'must be set and greater than 0');
  else if (most < 0) problems.invalid('spec.maxReplicas', most, 'must be greater than or equal to 1');
  if (least !== undefined && most < least) {
    problems.invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`');
  }
  checkReference(problems, 'spec.scaleTargetRef', objectAt(spec, 'scaleTargetRef'), true);
  const metrics = itemsOf(spec, 'metrics');
  for (const [index, metric] of metrics.entries()) checkMetric(problems, `spec.metrics[${index}]`, metric);
  if (least === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    const detail = 'must specify at least one Object or External metric to support scaling to zero replicas';
    problems.forbidden('spec.metrics', detail);
  }
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = maybeObject(objectAt(spec, 'behavior'), direction);
    if (rules !== undefined) checkRules(problems, `spec.behavior.${direction}`, rules);
  }
}

function checkReference(problems: Problems, path: string, reference: ObjectValue, needsGroup: boolean): void {
  for (const field of ['kind', 'name']) {
    const value = textAt(reference, field);
    if (value === '') problems.required(`${path}.${field}`);
    else problems.text(`${path}.${field}`, value, pathSegment);
  }
  const version = textAt(reference, 'apiVersion');
  if (version.split('/').length > 2) {
    problems.invalid(`${path}.apiVersion`, version, `unexpected GroupVersion string: ${version}`);
  } else if (needsGroup && textAt(reference, 'kind') !== 'ReplicationController' && !version.includes('/')) {
    problems.invalid(`${path}.apiVersion`, version, 'apiVersion must specify API group');
  }
}

function checkMetric(problems: Problems, path: string, metric: ObjectValue): void {
  const type = textAt(metric, 'type');
  const types = Object.keys(metricFields);
  if (type === '') problems.required(`${path}.type`, 'must specify a metric source type');
  if (!types.includes(type)) problems.notSupported(`${path}.type`, type, types);
  const present = Object.values(metricFields).filter((field) => maybeObject(metric, field) !== undefined);
  const [first] = present;
  if (first !== undefined) checkSource(problems, `${path}.${first}`, objectAt(metric, first), first);
  const expected = metricFields[type];
  if (expected === undefined) problems.notSupported(`${path}.type`, type, types);
  else if (!present.includes(expected)) {
    problems.required(`${path}.${expected}`, 'must populate information for the given metric source');
  }
  if (present.length === 1) return;
  for (const field of present) {
    if (field !== expected) problems.forbidden(`${path}.${field}`, 'must populate the given metric source only');
  }
}

const isResource = (field: string): boolean => field === 'resource' || field === 'containerResource';

function checkSource(problems: Problems, path: string, source: ObjectValue, field: string): void {
  if (isResource(field)) {
    requiredBecause('must specify a resource name')(problems, `${path}.name`, source['name']);
    if (field === 'containerResource') {
      const container = textAt(source, 'container');
      if (container === '') problems.required(`${path}.container`, 'must specify a container');
      else problems.text(`${path}.container`, container, dnsLabel);
    }
  } else {
    if (field === 'object') {
      checkReference(problems, `${path}.describedObject`, objectAt(source, 'describedObject'), false);
    }
    const name = textAt(objectAt(source, 'metric'), 'name');
    if (name === '') problems.required(`${path}.metric.name`, 'must specify a metric name');
    else problems.text(`${path}.metric.name`, name, pathSegment);
  }
  const target = objectAt(source, 'target');
  checkTarget(problems, `${path}.target`, target);
  checkTargetKind(problems, `${path}.target`, target, field);
}

function checkTarget(problems: Problems, path: string, target: ObjectValue): void {
  const type = textAt(target, 'type');
  if (type === '') problems.required(`${path}.type`, 'must specify a metric target type');
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    problems.invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue');
  }
  for (const field of ['value', 'averageValue']) {
    const amount = target[field];
    if (typeof amount !== 'string' || compareQuantities(amount, '0') > 0) continue;
    problems.invalid(`${path}.${field}`, amount, 'must be positive');
  }
  const use = numberAt(target, 'averageUtilization');
  if (use !== undefined && use < 1) problems.invalid(`${path}.averageUtilization`, use, 'must be greater than 0');
}

/** Which of the targets there must be, and which may not be together. */
function checkTargetKind(problems: Problems, path: string, target: ObjectValue, field: string): void {
  const [hasValue, hasAverage, hasUse] = ['value', 'averageValue', 'averageUtilization'].map(
    (name) => target[name] !== undefined,
  );
  if (isResource(field)) {
    if (hasUse !== true && hasAverage !== true) {
      problems.required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization');
    }
    if (hasUse === true && hasAverage === true) {
      problems.forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization');
    }
  } else if (field === 'pods') {
    if (hasAverage !== true) problems.required(`${path}.averageValue`, 'must specify a positive target averageValue');
  } else if (hasValue !== true && hasAverage !== true) {
    const alternatives = field === 'object' ? 'value or averageValue' : 'value for metric or a per-pod target';
    problems.required(`${path}.averageValue`, `must set either a target ${alternatives}`);
  } else if (field === 'external' && hasValue === true && hasAverage === true) {
    problems.forbidden(`${path}.value`, 'may not set both a target value for metric and a per-pod target');
  }
}

const maxWindow = 3600;
const maxPeriod = 1800;

function checkRules(problems: Problems, path: string, rules: ObjectValue): void {
  const seconds = numberAt(rules, 'stabilizationWindowSeconds') ?? 0;
  const window = `${path}.stabilizationWindowSeconds`;
  if (seconds < 0) problems.invalid(window, seconds, 'must be greater than or equal to zero');
  if (seconds > maxWindow) problems.invalid(window, seconds, `must be less than or equal to ${maxWindow}`);
  const choice = rules['selectPolicy'];
  const choices = ['Disabled', 'Max', 'Min'];
  if (typeof choice === 'string' && !choices.includes(choice)) {
    problems.notSupported(`${path}.selectPolicy`, choice, choices);
  }
  const policies = itemsOf(rules, 'policies');
  if (policies.length === 0) problems.required(`${path}.policies`, 'must specify at least one Policy');
  for (const [index, policy] of policies.entries()) {
    const at = `${path}.policies[${index}]`;
    const type = textAt(policy, 'type');
    if (type !== 'Pods' && type !== 'Percent') problems.notSupported(`${at}.type`, type, ['Percent', 'Pods']);
    for (const field of ['value', 'periodSeconds']) {
      const value = numberAt(policy, field) ?? 0;
      if (value <= 0) problems.invalid(`${at}.${field}`, value, 'must be greater than zero');
    }
    const period = numberAt(policy, 'periodSeconds') ?? 0;
    if (period > maxPeriod) {
      problems.invalid(`${at}.periodSeconds`, period, `must be less than or equal to ${maxPeriod}`);
    }
  }
  const tolerance = rules['tolerance'];
  if (typeof tolerance === 'string' && compareQuantities(tolerance, '0') < 0) {
    problems.invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0');
  }
}

/** The checks are of what is in the storage of the second version, whichever the request is in. */
function inSecondVersion(autoscaler: ObjectValue): ObjectValue {
  return autoscaler['apiVersion'] === 'autoscaling/v1' ? horizontalFromV1(autoscaler) : autoscaler;
}

export const autoscalerValidator: Validator = validator({
  create: (problems, autoscaler) => checkAutoscaler(problems, inSecondVersion(autoscaler)),
  subresources: {
    status: (problems, autoscaler) =>
      checkCounts(problems, 'status', objectAt(autoscaler, 'status'), ['currentReplicas', 'desiredReplicas']),
  },
});
