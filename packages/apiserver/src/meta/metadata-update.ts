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
  checkUpdate(problems, metadata, metadataOf(old));
  if (needsKubernetesFinalizers(resource)) checkKubernetesFinalizers(problems, metadata);
  if (checksMetadataAgain.has(resource.kind)) {
    checkMetadata(problems, metadata, 'metadata', resource.namespaced, dnsSubdomain);
    checkKubernetesFinalizers(problems, metadata);
  }
  return problems.errors;
}

/** Kinds whose update repeats the checks of create. */
const checksMetadataAgain = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'LimitRange']);

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
