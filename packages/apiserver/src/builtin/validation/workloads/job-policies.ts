import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { nonNegative } from '../checks.ts';
import type { Problems } from '../problems.ts';
import { readIndexes } from './job-indexes.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const conditionStates = ['False', 'True', 'Unknown'];
const maxRules = 20;
const maxValues = 255;

/** Which failures count how (KEP-3329). */
export function checkFailurePolicy(problems: Problems, path: string, policy: ObjectValue, spec: ObjectValue): void {
  const rules = itemsOf(policy, 'rules');
  if (rules.length > maxRules) problems.tooMany(`${path}.rules`, rules.length, maxRules);
  const podSpec = objectAt(objectAt(spec, 'template'), 'spec');
  const containers = [...itemsOf(podSpec, 'containers'), ...itemsOf(podSpec, 'initContainers')];
  const names = new Set(containers.map((container) => textAt(container, 'name')));
  for (const [index, rule] of rules.entries()) {
    const at = `${path}.rules[${index}]`;
    checkAction(problems, `${at}.action`, textAt(rule, 'action'), spec);
    const codes = maybeObject(rule, 'onExitCodes');
    const conditions = itemsOf(rule, 'onPodConditions');
    if (codes !== undefined) checkExitCodes(problems, `${at}.onExitCodes`, codes, names);
    checkConditions(problems, `${at}.onPodConditions`, conditions);
    if (codes !== undefined && conditions.length > 0) {
      problems.omitted(at, 'specifying both OnExitCodes and OnPodConditions is not supported');
    }
    if (codes === undefined && conditions.length === 0) {
      problems.omitted(at, 'specifying one of OnExitCodes and OnPodConditions is required');
    }
  }
}

function checkAction(problems: Problems, path: string, action: string, spec: ObjectValue): void {
  if (action === '') problems.required(path, 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]');
  else if (!actions.includes(action)) problems.notSupported(path, action, actions);
  else if (action === 'FailIndex' && spec['backoffLimitPerIndex'] === undefined) {
    problems.invalid(path, action, 'requires the backoffLimitPerIndex to be set');
  }
}

function checkExitCodes(problems: Problems, path: string, codes: ObjectValue, names: ReadonlySet<string>): void {
  const operator = textAt(codes, 'operator');
  if (operator === '') problems.required(`${path}.operator`, 'valid values: ["In" "NotIn"]');
  else if (operator !== 'In' && operator !== 'NotIn') {
    problems.notSupported(`${path}.operator`, operator, ['In', 'NotIn']);
  }
  const container = codes['containerName'];
  if (typeof container === 'string' && !names.has(container)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    problems.invalid(`${path}.containerName`, container, detail);
  }
  const values = Array.isArray(codes['values']) ? codes['values'].map(Number) : [];
  const at = `${path}.values`;
  if (values.length === 0) problems.invalid(at, values, 'at least one value is required');
  if (values.length > maxValues) problems.tooMany(at, values.length, maxValues);
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) problems.invalid(`${at}[${index}]`, 0, 'must not be 0 for the In operator');
    if (values.indexOf(value) < index) problems.duplicate(`${at}[${index}]`, value);
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)) {
    problems.invalid(at, values, 'must be ordered');
  }
}

function checkConditions(problems: Problems, path: string, conditions: readonly ObjectValue[]): void {
  if (conditions.length > maxRules) problems.tooMany(path, conditions.length, maxRules);
  for (const [index, condition] of conditions.entries()) {
    problems.text(`${path}[${index}].type`, textAt(condition, 'type'), qualifiedNameErrors);
    const status = textAt(condition, 'status');
    if (status === '') problems.required(`${path}[${index}].status`, 'valid values: ["False" "True" "Unknown"]');
    else if (!conditionStates.includes(status)) {
      problems.notSupported(`${path}[${index}].status`, status, conditionStates);
    }
  }
}

/** When pods are made again. */
export function checkReplacement(problems: Problems, path: string, spec: ObjectValue): void {
  const policy = textAt(spec, 'podReplacementPolicy');
  if (policy === '' || policy === 'Failed') return;
  const hasFailurePolicy = maybeObject(spec, 'podFailurePolicy') !== undefined;
  if (hasFailurePolicy) problems.notSupported(path, policy, ['Failed']);
  else if (policy !== 'TerminatingOrFailed') problems.notSupported(path, policy, ['Failed', 'TerminatingOrFailed']);
}

/** Which indexes must succeed (KEP-3998). */
export function checkSuccessPolicy(problems: Problems, path: string, policy: ObjectValue, spec: ObjectValue): void {
  const rules = itemsOf(policy, 'rules');
  if (rules.length === 0) {
    const detail = 'at least one rules must be specified when the successPolicy is specified';
    problems.required(`${path}.rules`, detail);
  }
  if (rules.length > maxRules) problems.tooMany(`${path}.rules`, rules.length, maxRules);
  const completions = numberAt(spec, 'completions') ?? 0;
  for (const [index, rule] of rules.entries()) checkSuccessRule(problems, `${path}.rules[${index}]`, rule, completions);
}

function checkSuccessRule(problems: Problems, path: string, rule: ObjectValue, completions: number): void {
  const { succeededIndexes } = rule;
  const count = numberAt(rule, 'succeededCount');
  if (count === undefined && succeededIndexes === undefined) {
    problems.required(path, 'at least one of succeededCount or succeededIndexes must be specified');
  }
  let total = 0;
  if (typeof succeededIndexes === 'string') {
    const read = readIndexes(succeededIndexes, completions);
    if (typeof read === 'string') {
      const detail = `error parsing succeededIndexes: ${read}`;
      problems.invalid(`${path}.succeededIndexes`, succeededIndexes, detail);
    } else total = read;
  }
  if (count === undefined) return;
  const at = `${path}.succeededCount`;
  nonNegative(problems, at, count);
  const within = (limit: number, what: string): void => {
    if (count > limit) problems.invalid(at, count, `must be less than or equal to ${limit} (the number of ${what})`);
  };
  within(completions, 'specified completions');
  if (succeededIndexes !== undefined) within(total, 'indexes in the specified succeededIndexes field');
}
