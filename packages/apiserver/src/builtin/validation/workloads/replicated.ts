import { isObject, metadataOf } from '../../../value.ts';
import type { ObjectValue, Value } from '../../../value.ts';
import { mapAt, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { nonNegative } from '../checks.ts';
import { checkImmutable } from '../immutable.ts';
import { hostnameWarnings } from '../name-warnings.ts';
import { templateWarnings } from '../pod/pod-warnings.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { KindChecks, Validator } from '../validator.ts';
import {
  amountOf,
  checkAtMostAll,
  checkCollisions,
  checkCounts,
  checkIntOrPercent,
  checkStatusCounts,
} from './counts.ts';
import { checkRunningTemplate, checkSelected, checkSelector, checkTemplate } from './template.ts';

const templateOf = (object: ObjectValue): ObjectValue => objectAt(objectAt(object, 'spec'), 'template');

/** A template that did not change is not warned of again. */
const changedTemplateWarnings = (object: ObjectValue, old: ObjectValue | undefined): readonly string[] =>
  old !== undefined && metadataOf(object)['generation'] === metadataOf(old)['generation']
    ? []
    : templateWarnings('spec.template', templateOf(object));

const warnings: NonNullable<KindChecks['warnings']> = (object, old, { subresource }) =>
  subresource === '' ? [...hostnameWarnings(object, old), ...changedTemplateWarnings(object, old)] : [];

function checkReplicaTemplate(problems: Problems, spec: ObjectValue): void {
  checkSelected(problems, 'spec.template', spec);
  checkTemplate(problems, 'spec.template', objectAt(spec, 'template'));
  checkRunningTemplate(problems, 'spec.template', objectAt(spec, 'template'), 'ReplicaSet');
}

function checkDeployment(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  nonNegative(problems, 'spec.replicas', spec['replicas']);
  checkSelector(problems, 'spec.selector', spec, 'deployment');
  checkReplicaTemplate(problems, spec);
  checkStrategy(problems, 'spec.strategy', objectAt(spec, 'strategy'));
  checkCounts(problems, 'spec', spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']);
  const deadline = numberAt(spec, 'progressDeadlineSeconds');
  if (deadline !== undefined && deadline <= (numberAt(spec, 'minReadySeconds') ?? 0)) {
    problems.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  }
}

function checkStrategy(problems: Problems, path: string, strategy: ObjectValue): void {
  const rolling = maybeObject(strategy, 'rollingUpdate');
  switch (strategy['type']) {
    case 'Recreate':
      if (rolling === undefined) return;
      return problems.forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'");
    case 'RollingUpdate':
      if (rolling === undefined) return problems.required(`${path}.rollingUpdate`);
      return checkRolling(problems, `${path}.rollingUpdate`, rolling);
    default:
      problems.notSupported(path, strategy, ['Recreate', 'RollingUpdate']);
  }
}

function checkRolling(problems: Problems, path: string, rolling: ObjectValue): void {
  const { maxUnavailable, maxSurge } = rolling;
  checkIntOrPercent(problems, `${path}.maxUnavailable`, maxUnavailable);
  checkIntOrPercent(problems, `${path}.maxSurge`, maxSurge);
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    problems.invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  checkAtMostAll(problems, `${path}.maxUnavailable`, maxUnavailable);
}

const deploymentCounts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
];

export const deploymentValidator: Validator = validator({
  create: checkDeployment,
  update: (problems, object, old) => {
    checkDeployment(problems, object);
    checkImmutable(problems, 'spec.selector', object, old);
  },
  subresources: {
    status: (problems, object, old) => {
      const parts = ['updatedReplicas', 'readyReplicas', 'availableReplicas'];
      checkStatusCounts(problems, object, deploymentCounts, parts, 'readyReplicas');
      checkCollisions(problems, object, old);
    },
  },
  warnings,
});

function checkReplicaSet(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  checkCounts(problems, 'spec', spec, ['replicas', 'minReadySeconds']);
  checkSelector(problems, 'spec.selector', spec, 'deployment');
  checkReplicaTemplate(problems, spec);
}

const replicaCounts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
  'terminatingReplicas',
];
const replicaParts = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];

export const replicaSetValidator: Validator = validator({
  create: checkReplicaSet,
  update: (problems, object, old) => {
    checkReplicaSet(problems, object);
    checkImmutable(problems, 'spec.selector', object, old);
  },
  subresources: {
    status: (problems, object) => checkStatusCounts(problems, object, replicaCounts, replicaParts, 'readyReplicas'),
  },
  warnings,
});

function checkController(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  nonNegative(problems, 'spec.minReadySeconds', spec['minReadySeconds']);
  const selector = mapAt(spec, 'selector');
  if (Object.keys(selector).length === 0) problems.required('spec.selector');
  nonNegative(problems, 'spec.replicas', spec['replicas']);
  const template = maybeObject(spec, 'template');
  if (template === undefined) return problems.required('spec.template');
  checkSelected(problems, 'spec.template', { selector: { matchLabels: { ...selector } }, template });
  checkTemplate(problems, 'spec.template', template);
  checkRunningTemplate(problems, 'spec.template', template, 'ReplicationController');
}

export const replicationControllerValidator: Validator = validator({
  create: checkController,
  subresources: {
    status: (problems, object) => checkStatusCounts(problems, object, replicaCounts, replicaParts, 'readyReplicas'),
  },
  warnings,
});

export const podTemplateValidator: Validator = validator({
  create: (problems, object) => checkTemplate(problems, 'template', objectAt(object, 'template')),
  warnings: (object) => templateWarnings('template', objectAt(object, 'template')),
});

function checkDaemonSet(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const selector = maybeObject(spec, 'selector');
  checkSelectorOfSet(problems, spec, selector);
  checkTemplate(problems, 'spec.template', objectAt(spec, 'template'));
  checkRunningTemplate(problems, 'spec.template', objectAt(spec, 'template'), 'DaemonSet');
  nonNegative(problems, 'spec.minReadySeconds', spec['minReadySeconds']);
  checkUpdateStrategy(problems, 'spec.updateStrategy', objectAt(spec, 'updateStrategy'));
  nonNegative(problems, 'spec.revisionHistoryLimit', spec['revisionHistoryLimit']);
}

function checkSelectorOfSet(problems: Problems, spec: ObjectValue, selector: ObjectValue | undefined): void {
  if (selector !== undefined) checkSelector(problems, 'spec.selector', spec, 'daemonset');
  checkSelected(problems, 'spec.template', spec);
}

function checkUpdateStrategy(problems: Problems, path: string, strategy: ObjectValue): void {
  const type = textAt(strategy, 'type');
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') return problems.notSupported(path, strategy, ['RollingUpdate', 'OnDelete']);
  const rolling = maybeObject(strategy, 'rollingUpdate');
  const at = `${path}.rollingUpdate`;
  if (rolling === undefined) return problems.required(at);
  const limits: readonly (readonly [string, Value | undefined])[] = [
    ['maxUnavailable', rolling['maxUnavailable']],
    ['maxSurge', rolling['maxSurge']],
  ];
  for (const [field, value] of limits) checkIntOrPercent(problems, `${at}.${field}`, value);
  for (const [field, value] of limits) checkAtMostAll(problems, `${at}.${field}`, value);
  const [unavailable = 0, surge = 0] = limits.map(([, value]) => amountOf(value));
  if (unavailable !== 0 && surge !== 0) {
    problems.invalid(`${at}.maxSurge`, rolling['maxSurge'], 'may not be set when maxUnavailable is non-zero');
  }
  if (unavailable === 0 && surge === 0) {
    problems.required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
  }
}

const daemonSetCounts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
];

export const daemonSetValidator: Validator = validator({
  create: checkDaemonSet,
  update: (problems, object, old) => {
    checkImmutable(problems, 'spec.selector', object, old);
    checkDaemonSet(problems, object);
  },
  subresources: {
    status: (problems, object, old) => {
      checkCounts(problems, 'status', objectAt(object, 'status'), daemonSetCounts);
      checkCollisions(problems, object, old);
    },
  },
  warnings: (object, old, { subresource }) => (subresource === '' ? changedTemplateWarnings(object, old) : []),
});

export const controllerRevisionValidator: Validator = validator({
  create: (problems, object) => {
    nonNegative(problems, 'revision', object['revision']);
    const { data } = object;
    if (data === undefined || data === null) problems.required('data', 'data is mandatory');
    else if (!isObject(data)) problems.required('data', 'data must be a valid JSON object');
  },
  update: (problems, object, old) => {
    nonNegative(problems, 'revision', object['revision']);
    checkImmutable(problems, 'data', object, old);
  },
});
