import { itemsOf, mapAt, maybeObject, objectAt, textAt, textsAt, valueAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import {
  ageColumn,
  booleanCell,
  countCell,
  isDefaultClass,
  nameColumn,
  nameOf,
  numberCell,
  textCell,
} from './cells.ts';
import { boolean, integer, text, wide } from './column.ts';
import { humanDuration } from './duration.ts';
import type { PrinterTable } from './printer.ts';

/** Nodes, namespaces, configuration, access and scheduling. */
export const clusterPrinters: PrinterTable = {
  Namespace: { columns: [nameColumn, text('Status', textCell('status.phase')), ageColumn] },
  Node: {
    columns: [
      nameColumn,
      text('Status', nodeStatus),
      text('Roles', nodeRoles),
      ageColumn,
      text('Version', textCell('status.nodeInfo.kubeletVersion')),
      wide('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
      wide('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
      wide('OS-Image', textCell('status.nodeInfo.osImage', '<unknown>')),
      wide('Kernel-Version', kernelVersion),
      wide('Container-Runtime', textCell('status.nodeInfo.containerRuntimeVersion', '<unknown>')),
    ],
  },
  ConfigMap: { columns: [nameColumn, text('Data', countCell('data', 'binaryData')), ageColumn] },
  Secret: { columns: [nameColumn, text('Type', textCell('type')), text('Data', countCell('data')), ageColumn] },
  ServiceAccount: { columns: [nameColumn, ageColumn] },
  ResourceQuota: {
    columns: [
      nameColumn,
      text('Request', (quota) => quotaUsage(quota, false)),
      text('Limit', (quota) => quotaUsage(quota, true)),
      ageColumn,
    ],
  },
  ComponentStatus: {
    columns: [
      nameColumn,
      text('Status', (object) => componentState(object).status),
      text('Message', (object) => componentState(object).message),
      text('Error', (object) => componentState(object).error),
    ],
  },
  'policy/PodDisruptionBudget': {
    columns: [
      nameColumn,
      text('Min Available', textCell('spec.minAvailable', 'N/A')),
      text('Max Unavailable', textCell('spec.maxUnavailable', 'N/A')),
      integer('Allowed Disruptions', numberCell('status.disruptionsAllowed')),
      ageColumn,
    ],
  },
  'scheduling.k8s.io/PriorityClass': {
    columns: [
      nameColumn,
      integer('Value', numberCell('value')),
      boolean('Global-Default', booleanCell('globalDefault')),
      ageColumn,
      text('PreemptionPolicy', textCell('preemptionPolicy')),
    ],
  },
  'node.k8s.io/RuntimeClass': { columns: [nameColumn, text('Handler', textCell('handler')), ageColumn] },
  'coordination.k8s.io/Lease': { columns: [nameColumn, text('Holder', textCell('spec.holderIdentity')), ageColumn] },
  'certificates.k8s.io/CertificateSigningRequest': {
    columns: [
      nameColumn,
      ageColumn,
      text('SignerName', textCell('spec.signerName', '<none>')),
      text('Requestor', textCell('spec.username')),
      text('RequestedDuration', requestedDuration),
      text('Condition', requestState),
    ],
  },
  'apiregistration.k8s.io/APIService': {
    columns: [nameColumn, text('Service', apiService), text('Available', apiAvailability), ageColumn],
  },
  'apiextensions.k8s.io/CustomResourceDefinition': {
    columns: [
      nameColumn,
      { ...text('Created At', (object) => textAt(metadataOf(object), 'creationTimestamp')), type: 'date' },
    ],
  },
};

function nodeStatus(node: ObjectValue): string {
  const ready = itemsOf(objectAt(node, 'status'), 'conditions').findLast(({ type }) => type === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return objectAt(node, 'spec')['unschedulable'] === true ? `${state},SchedulingDisabled` : state;
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles(node: ObjectValue): string {
  const roles = Object.entries(mapAt(metadataOf(node), 'labels')).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return [key.slice(rolePrefix.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(roles.filter((role) => role !== ''))].toSorted().join(',') || '<none>';
}

function nodeAddress(node: ObjectValue, type: string): string {
  const address = itemsOf(objectAt(node, 'status'), 'addresses').find((item) => item['type'] === type);
  return address === undefined ? '<none>' : textAt(address, 'address');
}

function kernelVersion(node: ObjectValue): string {
  const info = objectAt(objectAt(node, 'status'), 'nodeInfo');
  const architecture = textAt(info, 'architecture');
  const version = textAt(info, 'kernelVersion') || '<unknown>';
  return architecture === '' ? version : `${version} (${architecture})`;
}

function quotaUsage(quota: ObjectValue, ofLimits: boolean): string {
  const status = objectAt(quota, 'status');
  const used = mapAt(status, 'used');
  return Object.entries(mapAt(status, 'hard'))
    .filter(([name]) => name.startsWith('limits.') === ofLimits)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, hard]) => `${name}: ${used[name] ?? '0'}/${hard}`)
    .join(', ');
}

function componentState(object: ObjectValue): {
  readonly status: string;
  readonly message: string;
  readonly error: string;
} {
  const healthy = itemsOf(object, 'conditions').find(({ type }) => type === 'Healthy');
  if (healthy === undefined) return { status: 'Unknown', message: '', error: '' };
  const status = healthy['status'] === 'True' ? 'Healthy' : 'Unhealthy';
  return { status, message: textAt(healthy, 'message'), error: textAt(healthy, 'error') };
}

function requestedDuration(request: ObjectValue): string {
  const seconds = valueAt(request, 'spec', 'expirationSeconds');
  return typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>';
}

function requestState(request: ObjectValue): string {
  const status = objectAt(request, 'status');
  const types = new Set(itemsOf(status, 'conditions').map(({ type }) => type));
  const decision = types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending';
  const failed = types.has('Failed') ? ',Failed' : '';
  return `${decision}${failed}${textAt(status, 'certificate') === '' ? '' : ',Issued'}`;
}

function apiService(object: ObjectValue): string {
  const service = maybeObject(objectAt(object, 'spec'), 'service');
  return service === undefined ? 'Local' : `${textAt(service, 'namespace')}/${textAt(service, 'name')}`;
}

function apiAvailability(object: ObjectValue): string {
  const condition = itemsOf(objectAt(object, 'status'), 'conditions').find(({ type }) => type === 'Available');
  if (condition === undefined) return 'Unknown';
  const reason = textAt(condition, 'reason');
  return condition['status'] === 'True' ? 'True' : `${textAt(condition, 'status')} (${reason})`;
}

/** The name of a class, with a mark on the default one. */
export function storageClassName(object: ObjectValue): string {
  const isDefault = isDefaultClass(
    object,
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.beta.kubernetes.io/is-default-class',
  );
  return isDefault ? `${nameOf(object)} (default)` : nameOf(object);
}

/** The texts of a list field, joined. */
export function joined(object: ObjectValue, key: string): string {
  return textsAt(object, key).join(',');
}
