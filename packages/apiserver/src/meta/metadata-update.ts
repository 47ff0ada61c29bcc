import { needsKubernetesFinalizers } from './finalizers.ts';
import type { FieldError } from '../field-error.ts';
import { mapAt, numberAt, textsAt } from '../builtin/object-path.ts';
import { dnsSubdomain, pathSegment } from '../builtin/validation/names.ts';
import { Problems } from '../builtin/validation/problems.ts';
import { sameValue } from '../operations/same-value.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { validateManagedFields } from './managed-fields-check.ts';
import { validateOwners } from './owner-references.ts';
import { checkAnnotations, checkKubernetesFinalizers, checkLabels, checkMetadata } from './validate-metadata.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

/** Puts back what an update silently may not change. */
export function keepSystemFields(object: ObjectValue, old: ObjectValue): void {
  const metadata = metadataOf(object);
  const before = metadataOf(old);
  if (!metadata['uid']) copy(metadata, before, 'uid');
  if (!metadata['name']) copy(metadata, before, 'name');
  delete metadata['selfLink'];
  copy(metadata, before, 'generation');
  copy(metadata, before, 'creationTimestamp');
  if (before['deletionTimestamp'] !== undefined) copy(metadata, before, 'deletionTimestamp');
  if (metadata['deletionGracePeriodSeconds'] === undefined) copy(metadata, before, 'deletionGracePeriodSeconds');
}

function copy(target: ObjectValue, source: ObjectValue, field: string): void {
  const value = source[field];
  if (value === undefined) delete target[field];
  else target[field] = value;
}

const immutable = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/**
 * What no update may change in metadata, and what it may not bring. The real server checks this twice for built-in
 * kinds, once for all and once for the kind, and tells it twice.
 */
export function validateMetadataUpdate(
  object: ObjectValue,
  old: ObjectValue,
  resource: Pick<ResourceInfo, 'group' | 'kind' | 'namespaced' | 'custom'>,
): readonly FieldError[] {
  const problems = new Problems();
  const metadata = metadataOf(object);
  checkMetadata(problems, metadata, 'metadata', resource.namespaced, pathSegment);
  checkUpdate(problems, metadata, metadataOf(old));
  const { whole, isChange } = resource.custom ? usual : (ownChecks[`${resource.group}/${resource.kind}`] ?? usual);
  if (isChange) checkUpdate(problems, metadata, metadataOf(old));
  if (needsKubernetesFinalizers(resource)) checkKubernetesFinalizers(problems, metadata);
  for (let round = 0; round < whole; round += 1) {
    checkMetadata(problems, metadata, 'metadata', resource.namespaced, dnsSubdomain);
    checkKubernetesFinalizers(problems, metadata);
  }
  return problems.errors;
}

/** What the checks of a kind do besides those of all: look at the whole again, as on create, and at what changes. */
interface OwnChecks {
  readonly whole: number;
  readonly isChange: boolean;
}

const usual: OwnChecks = { whole: 0, isChange: true };

const kindsOf = (checks: OwnChecks, group: string, kinds: string): readonly (readonly [string, OwnChecks])[] =>
  kinds.split(' ').map((kind) => [`${group}/${kind}`, checks]);

const both: OwnChecks = { whole: 1, isChange: true };
const wholeOnly: OwnChecks = { whole: 1, isChange: false };

const ownChecks: Readonly<Record<string, OwnChecks>> = Object.fromEntries([
  ...kindsOf(both, '', 'ConfigMap Namespace Node PersistentVolumeClaim Secret Service ServiceAccount'),
  ...kindsOf(both, 'batch', 'Job'),
  ...kindsOf(both, 'certificates.k8s.io', 'CertificateSigningRequest'),
  ...kindsOf(both, 'networking.k8s.io', 'IPAddress Ingress IngressClass'),
  ...kindsOf(both, 'node.k8s.io', 'RuntimeClass'),
  ...kindsOf(both, 'rbac.authorization.k8s.io', 'ClusterRole ClusterRoleBinding Role RoleBinding'),
  ...kindsOf(both, 'resource.k8s.io', 'ResourceClaimTemplate'),
  ...kindsOf(both, 'storage.k8s.io', 'CSIStorageCapacity StorageClass VolumeAttributesClass'),
  ...kindsOf(wholeOnly, '', 'LimitRange'),
  ...kindsOf(
    wholeOnly,
    'admissionregistration.k8s.io',
    'MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  ),
  ...kindsOf(wholeOnly, 'discovery.k8s.io', 'EndpointSlice'),
  ...kindsOf(wholeOnly, 'flowcontrol.apiserver.k8s.io', 'FlowSchema PriorityLevelConfiguration'),
  ...kindsOf(wholeOnly, 'storage.k8s.io', 'CSINode VolumeAttachment'),
  ...kindsOf({ whole: 2, isChange: false }, '', 'PersistentVolume'),
  ...kindsOf({ whole: 0, isChange: false }, 'policy', 'PodDisruptionBudget'),
]);

function checkUpdate(problems: Problems, metadata: ObjectValue, before: ObjectValue): void {
  if (before['deletionTimestamp'] !== undefined) checkNewFinalizers(problems, metadata, before);
  if ((numberAt(metadata, 'generation') ?? 0) < (numberAt(before, 'generation') ?? 0)) {
    problems.invalid('metadata.generation', metadata['generation'] ?? 0, 'must not be decremented');
  }
  for (const field of immutable) {
    if (sameValue(metadata[field], before[field])) continue;
    problems.invalid(`metadata.${field}`, metadata[field] ?? '', 'field is immutable');
  }
  checkLabels(problems, mapAt(metadata, 'labels'), 'metadata.labels');
  checkAnnotations(problems, mapAt(metadata, 'annotations'), 'metadata.annotations');
  validateOwners(problems, metadata, 'metadata');
  validateManagedFields(problems, metadata, 'metadata');
}

function checkNewFinalizers(problems: Problems, metadata: ObjectValue, before: ObjectValue): void {
  const known = new Set(textsAt(before, 'finalizers'));
  const added = textsAt(metadata, 'finalizers').filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return;
  const list = `[]string{${added
    .toSorted()
    .map((finalizer) => JSON.stringify(finalizer))
    .join(', ')}}`;
  problems.forbidden(
    'metadata.finalizers',
    `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
  );
}
