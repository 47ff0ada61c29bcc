import { itemsOf, maybeObject, objectAt, textAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { ageColumn, countCell, nameColumn, numberCell, selectorText, textCell } from './cells.ts';
import { integer, text, wide } from './column.ts';
import type { Printer, PrinterTable } from './printer.ts';

const nameAndTime: Printer = {
  columns: [
    nameColumn,
    { ...text('Created At', (object) => textAt(metadataOf(object), 'creationTimestamp')), type: 'date' },
  ],
};

const binding: Printer = {
  columns: [
    nameColumn,
    text('Role', (object) => {
      const role = objectAt(object, 'roleRef');
      return `${textAt(role, 'kind')}/${textAt(role, 'name')}`;
    }),
    ageColumn,
    wide('Users', (object) => subjects(object, 'User')),
    wide('Groups', (object) => subjects(object, 'Group')),
    wide('ServiceAccounts', (object) => subjects(object, 'ServiceAccount')),
  ],
};

const webhooks: Printer = { columns: [nameColumn, integer('Webhooks', countCell('webhooks')), ageColumn] };
const policyBinding: Printer = {
  columns: [nameColumn, text('PolicyName', textCell('spec.policyName')), text('ParamRef', paramReference), ageColumn],
};

/** Roles and bindings, admission, priority and fairness. */
export const accessPrinters: PrinterTable = {
  'rbac.authorization.k8s.io/Role': nameAndTime,
  'rbac.authorization.k8s.io/ClusterRole': nameAndTime,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    columns: [
      nameColumn,
      integer('Validations', countCell('spec.validations')),
      text('ParamKind', paramKind),
      ageColumn,
    ],
  },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': {
    columns: [nameColumn, integer('Mutations', countCell('spec.mutations')), text('ParamKind', paramKind), ageColumn],
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': policyBinding,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': policyBinding,
  'flowcontrol.apiserver.k8s.io/FlowSchema': {
    columns: [
      nameColumn,
      text('PriorityLevel', textCell('spec.priorityLevelConfiguration.name')),
      text('MatchingPrecedence', numberCell('spec.matchingPrecedence')),
      text('DistinguisherMethod', textCell('spec.distinguisherMethod.type', '<none>')),
      ageColumn,
      text('MissingPL', danglingState),
    ],
  },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': {
    columns: [
      nameColumn,
      text('Type', textCell('spec.type')),
      text('NominalConcurrencyShares', (object) => limited(object)['nominalConcurrencyShares'] ?? '<none>'),
      text('Queues', (object) => queuing(object)['queues'] ?? '<none>'),
      text('HandSize', (object) => queuing(object)['handSize'] ?? '<none>'),
      text('QueueLengthLimit', (object) => queuing(object)['queueLengthLimit'] ?? '<none>'),
      ageColumn,
    ],
  },
};

function subjects(object: ObjectValue, kind: string): string {
  return itemsOf(object, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) => (kind === 'ServiceAccount' ? `${textAt(subject, 'namespace')}/` : '') + textAt(subject, 'name'))
    .join(', ');
}

function paramKind(object: ObjectValue): string {
  const kind = maybeObject(objectAt(object, 'spec'), 'paramKind');
  return kind === undefined ? '<unset>' : `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}`;
}

function paramReference(object: ObjectValue): string {
  const reference = maybeObject(objectAt(object, 'spec'), 'paramRef');
  const name = textAt(reference, 'name');
  if (name !== '') return `${textAt(reference, 'namespace') || '*'}/${name}`;
  const selector = maybeObject(reference, 'selector');
  return selector === undefined ? '<unset>' : selectorText(selector);
}

function danglingState(object: ObjectValue): string {
  const condition = itemsOf(objectAt(object, 'status'), 'conditions').find(({ type }) => type === 'Dangling');
  return condition === undefined ? '?' : textAt(condition, 'status');
}

const limited = (object: ObjectValue): ObjectValue => objectAt(objectAt(object, 'spec'), 'limited');

function queuing(object: ObjectValue): Readonly<Record<string, Value>> {
  return objectAt(objectAt(limited(object), 'limitResponse'), 'queuing');
}
