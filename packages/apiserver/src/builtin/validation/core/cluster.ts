import { compareQuantities, labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { itemsOf, mapAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { legacyBlock, parseBlock } from '../addresses.ts';
import { requiredOneOf } from '../checks.ts';
import { checkAmount } from '../pod/resources.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkFinalizerNames } from './namespace-finalizers.ts';

/** The phase follows from whether the namespace is being deleted. */
function checkPhase(problems: Problems, namespace: ObjectValue): void {
  const phase = textAt(objectAt(namespace, 'status'), 'phase');
  const isDeleted = textAt(objectAt(namespace, 'metadata'), 'deletionTimestamp') !== '';
  const expected = isDeleted ? 'Terminating' : 'Active';
  if (phase === expected) return;
  const state = isDeleted ? 'not empty' : 'empty';
  problems.invalid('status.Phase', phase, `may only be '${expected}' if \`deletionTimestamp\` is ${state}`);
}

export const namespaceValidator: Validator = validator({
  create: (problems, namespace) => checkFinalizerNames(problems, namespace),
  update: () => {},
  subresources: {
    finalize: (problems, namespace) => checkFinalizerNames(problems, namespace),
    status: checkPhase,
  },
});

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function checkTaints(problems: Problems, spec: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, taint] of itemsOf(spec, 'taints').entries()) {
    const path = `metadata.taints[${index}]`;
    const key = textAt(taint, 'key');
    const effect = textAt(taint, 'effect');
    problems.text(`${path}.key`, key, qualifiedNameErrors);
    const value = textAt(taint, 'value');
    const errors = labelValueErrors(value);
    if (errors.length > 0) problems.invalid(`${path}.value`, value, errors.join(';'));
    requiredOneOf(...taintEffects)(problems, `${path}.effect`, effect);
    if (seen.has(`${key}/${effect}`)) problems.duplicate(path, taint);
    seen.add(`${key}/${effect}`);
  }
}

function checkNode(problems: Problems, node: ObjectValue): void {
  const spec = objectAt(node, 'spec');
  checkTaints(problems, spec);
  checkNodeResources(problems, node);
  const blocks = textsAt(spec, 'podCIDRs');
  for (const [index, block] of blocks.entries()) problems.text(`spec.podCIDRs[${index}]`, block, legacyBlock);
  const families = new Set(blocks.map((block) => parseBlock(block)?.family));
  if (blocks.length > 1 && families.size < blocks.length) {
    problems.invalid('spec.podCIDRs', blocks, 'may specify no more than one CIDR for each IP family');
  }
}

function checkNodeResources(problems: Problems, node: ObjectValue): void {
  const status = objectAt(node, 'status');
  for (const part of ['capacity', 'allocatable']) {
    for (const [name, amount] of Object.entries(mapAt(status, part))) {
      checkAmount(problems, `status.${part}.${name}`, name, amount);
    }
  }
}

function checkNodeUpdate(problems: Problems, node: ObjectValue, old: ObjectValue): void {
  checkNodeResources(problems, node);
  const seen: ObjectValue[] = [];
  for (const [index, address] of itemsOf(objectAt(node, 'status'), 'addresses').entries()) {
    if (seen.some((other) => semanticallyEqual(other, address)))
      problems.duplicate(`status.addresses[${index}]`, address);
    seen.push(address);
  }
  const [spec, before] = [objectAt(node, 'spec'), objectAt(old, 'spec')];
  const earlier = textsAt(before, 'podCIDRs');
  if (earlier.length > 0 && !semanticallyEqual(spec['podCIDRs'], before['podCIDRs'])) {
    problems.forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid');
  }
  const provider = textAt(before, 'providerID');
  if (provider !== '' && provider !== textAt(spec, 'providerID')) {
    problems.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
  }
  checkTaints(problems, spec);
  if (textAt(spec, 'externalID') !== textAt(before, 'externalID')) {
    problems.forbidden('spec.externalID', 'may not be updated');
  }
}

export const nodeValidator: Validator = validator({
  create: checkNode,
  update: (problems, node, old) => {
    checkNode(problems, node);
    checkNodeUpdate(problems, node, old);
  },
  subresources: { status: checkNodeUpdate },
  warnings: (node, _, { subresource }) => {
    if (subresource !== '') return [];
    const spec = objectAt(node, 'spec');
    const unused = 'this field is deprecated, and is unused by Kubernetes';
    return [
      ...(spec['configSource'] === undefined ? [] : ['spec.configSource: the feature is no longer supported']),
      ...(textAt(spec, 'externalID') === '' ? [] : [`spec.externalID: ${unused}`]),
    ];
  },
});

type Amounts = Readonly<Record<string, string>>;
const rangeParts = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

export const limitRangeValidator: Validator = validator({
  create: (problems, range) => {
    const seen = new Set<string>();
    for (const [index, limit] of itemsOf(objectAt(range, 'spec'), 'limits').entries()) {
      const path = `spec.limits[${index}]`;
      const type = textAt(limit, 'type');
      problems.text(`${path}.type`, type, qualifiedNameErrors);
      if (seen.has(type)) problems.duplicate(`${path}.type`, type);
      seen.add(type);
      checkLimit(problems, path, limit, type);
    }
  },
});

function checkLimit(problems: Problems, path: string, limit: ObjectValue, type: string): void {
  const parts = Object.fromEntries(rangeParts.map((part) => [part, mapAt(limit, part)])) as Record<string, Amounts>;
  if (type === 'Pod') {
    for (const part of ['default', 'defaultRequest'] as const) {
      if (Object.keys(parts[part] ?? {}).length > 0) {
        problems.forbidden(`${path}.${part}`, "may not be specified when `type` is 'Pod'");
      }
    }
  }
  if (
    type === 'PersistentVolumeClaim' &&
    !('storage' in (parts['min'] ?? {})) &&
    !('storage' in (parts['max'] ?? {}))
  ) {
    problems.required(
      `${path}.limits`,
      'either minimum or maximum storage value is required, but neither was provided',
    );
  }
  const names = new Set(rangeParts.flatMap((part) => Object.keys(parts[part] ?? {})));
  for (const name of names) checkRange(problems, path, name, (part) => parts[part]?.[name]);
}

/** Pairs whose first may not be more than the second; where it is told, which value is shown, and how. */
const orders: readonly (readonly [string, string, string, string, string])[] = [
  ['min', 'max', 'min', 'min', 'min value $1 is greater than max value $2'],
  [
    'min',
    'defaultRequest',
    'defaultRequest',
    'defaultRequest',
    'min value $1 is greater than default request value $2',
  ],
  [
    'defaultRequest',
    'max',
    'defaultRequest',
    'defaultRequest',
    'default request value $1 is greater than max value $2',
  ],
  [
    'defaultRequest',
    'default',
    'defaultRequest',
    'defaultRequest',
    'default request value $1 is greater than default limit value $2',
  ],
  ['min', 'default', 'default', 'min', 'min value $1 is greater than default value $2'],
  ['default', 'max', 'default', 'max', 'default value $1 is greater than max value $2'],
];

function checkRange(
  problems: Problems,
  path: string,
  name: string,
  amountOf: (part: string) => string | undefined,
): void {
  for (const [low, high, at, shown, text] of orders) {
    const lower = amountOf(low);
    const upper = amountOf(high);
    if (lower === undefined || upper === undefined || compareQuantities(lower, upper) <= 0) continue;
    problems.invalid(`${path}.${at}[${name}]`, amountOf(shown), text.replace('$1', lower).replace('$2', upper));
  }
  const ratio = amountOf('maxLimitRequestRatio');
  if (ratio !== undefined && compareQuantities(ratio, '1') < 0) {
    problems.invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio, `ratio ${ratio} is less than 1`);
  }
}
