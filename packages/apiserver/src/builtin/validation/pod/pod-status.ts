import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { addressFamily, legacyAddress } from '../addresses.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';

const systemConditions = new Set(['PodScheduled', 'Ready', 'Initialized']);

/** What a node agent may say of a pod. */
export function checkPodStatus(problems: Problems, pod: ObjectValue, old: ObjectValue): void {
  const status = objectAt(pod, 'status');
  const before = objectAt(old, 'status');
  const spec = objectAt(old, 'spec');
  checkConditions(problems, 'status.conditions', itemsOf(status, 'conditions'));
  checkNomination(problems, status, before, spec);
  checkImmutable(problems, 'status.qosClass', pod, old);
  for (const [field, list] of [
    ['containerStatuses', 'containers'],
    ['initContainerStatuses', 'initContainers'],
  ] as const) {
    checkTransitions(problems, `status.${field}`, itemsOf(status, field), itemsOf(before, field), spec, list);
  }
  checkClaimStatuses(problems, status, objectAt(pod, 'spec'));
  checkAddresses(problems, 'status.podIPs', status, before, 'podIPs');
  checkAddresses(problems, 'status.hostIPs', status, before, 'hostIPs');
}

function checkConditions(problems: Problems, path: string, conditions: readonly ObjectValue[]): void {
  for (const [index, condition] of conditions.entries()) {
    const generation = numberAt(condition, 'observedGeneration') ?? 0;
    if (generation < 0) {
      problems.invalid(`${path}[${index}].observedGeneration`, generation, 'must be a non-negative integer');
    }
    const type = textAt(condition, 'type');
    if (!systemConditions.has(type)) problems.text(`${path}[${index}].Type`, type, qualifiedNameErrors);
  }
}

function checkNomination(problems: Problems, status: ObjectValue, before: ObjectValue, spec: ObjectValue): void {
  const name = textAt(status, 'nominatedNodeName');
  const path = 'status.nominatedNodeName';
  if (name === '' || name === textAt(before, 'nominatedNodeName')) return;
  problems.text(path, name, dnsSubdomain);
  if (textAt(spec, 'nodeName') !== '') {
    problems.forbidden(path, 'may not be set on pods that are already bound to a node');
  }
}

/** What has ended does not run again, unless its restart policy says so. */
function checkTransitions(
  problems: Problems,
  path: string,
  statuses: readonly ObjectValue[],
  earlier: readonly ObjectValue[],
  spec: ObjectValue,
  list: string,
): void {
  for (const [index, old] of earlier.entries()) {
    const ended = maybeObject(objectAt(old, 'state'), 'terminated');
    const name = textAt(old, 'name');
    const now = statuses.find((status) => textAt(status, 'name') === name);
    const isRunning = now !== undefined && maybeObject(objectAt(now, 'state'), 'terminated') === undefined;
    const container = itemsOf(spec, list).find((item) => textAt(item, 'name') === name);
    if (ended === undefined || !isRunning || mayRestart(ended, container, spec)) continue;
    problems.forbidden(`${path}[${index}].state`, 'may not be transitioned to non-terminated state');
  }
}

function mayRestart(ended: ObjectValue, container: ObjectValue | undefined, spec: ObjectValue): boolean {
  const code = numberAt(ended, 'exitCode') ?? 0;
  if (itemsOf(container, 'restartPolicyRules').length > 0) return true;
  const policy = textAt(container, 'restartPolicy') || textAt(spec, 'restartPolicy');
  return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
}

function checkClaimStatuses(problems: Problems, status: ObjectValue, spec: ObjectValue): void {
  const names = new Set(itemsOf(spec, 'resourceClaims').map((claim) => textAt(claim, 'name')));
  for (const [index, claim] of itemsOf(status, 'resourceClaimStatuses').entries()) {
    const path = `status.resourceClaimStatuses[${index}].name`;
    const name = textAt(claim, 'name');
    problems.text(path, name, dnsLabel);
    if (!names.has(name)) problems.invalid(path, name, 'must match the name of an entry in `spec.resourceClaims`');
  }
}

function checkAddresses(
  problems: Problems,
  path: string,
  status: ObjectValue,
  before: ObjectValue,
  field: string,
): void {
  const known = new Set(itemsOf(before, field).map((item) => textAt(item, 'ip')));
  const addresses = itemsOf(status, field).map((item) => textAt(item, 'ip'));
  for (const [index, address] of addresses.entries()) {
    if (!known.has(address)) problems.text(`${path}[${index}]`, address, legacyAddress);
  }
  if (addresses.length < 2) return;
  const families = new Set(addresses.map(addressFamily));
  if (families.size === addresses.length) return;
  problems.invalid(path, status[field], 'may specify no more than one IP for each IP family');
}
