import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import { isKubernetesFinalizer, needsKubernetesFinalizers } from './finalizers.ts';
import { validateManagedFields } from './managed-fields-check.ts';
import { validateOwners } from './owner-references.ts';
import { nameRuleOf } from '../builtin/validation/kind-names.ts';
import { asPrefix, dnsLabel, pathSegment } from '../builtin/validation/names.ts';
import type { TextRule } from '../builtin/validation/names.ts';
import { mapAt, numberAt, textAt, textsAt } from '../builtin/object-path.ts';
import { Problems } from '../builtin/validation/problems.ts';
import type { FieldError } from '../field-error.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

const maxAnnotationBytes = 256 * 1024;

type Kind = Pick<ResourceInfo, 'group' | 'kind' | 'namespaced' | 'custom'>;

/** What is wrong with a new object's metadata; the kind's own strategy does not look at it again. */
export function validateMetadata(object: ObjectValue, resource: Kind): readonly FieldError[] {
  const problems = new Problems();
  const metadata = metadataOf(object);
  checkMetadata(problems, metadata, 'metadata', resource.namespaced, nameRuleOf(resource.group, resource.kind));
  if (needsKubernetesFinalizers(resource)) checkKubernetesFinalizers(problems, metadata);
  // Kinds with a looser rule of their own still have to fit into a path.
  if (problems.errors.length === 0) problems.text('metadata.name', textAt(metadata, 'name'), pathSegment);
  return problems.errors;
}

/** Names, labels, annotations, owners and finalizers, as every object (a pod template's too) may have them. */
export function checkMetadata(
  problems: Problems,
  metadata: ObjectValue,
  path: string,
  namespaced: boolean,
  nameRule: TextRule,
): void {
  const prefix = textAt(metadata, 'generateName');
  if (prefix !== '') problems.text(`${path}.generateName`, prefix, asPrefix(nameRule));
  const name = textAt(metadata, 'name');
  if (name === '') problems.required(`${path}.name`, 'name or generateName is required');
  else problems.text(`${path}.name`, name, nameRule);
  checkNamespace(problems, textAt(metadata, 'namespace'), path, namespaced);
  if ((numberAt(metadata, 'generation') ?? 0) < 0) {
    problems.invalid(`${path}.generation`, metadata['generation'], 'must be greater than or equal to 0');
  }
  checkLabels(problems, mapAt(metadata, 'labels'), `${path}.labels`);
  checkAnnotations(problems, mapAt(metadata, 'annotations'), `${path}.annotations`);
  validateOwners(problems, metadata, path);
  checkFinalizers(problems, textsAt(metadata, 'finalizers'), `${path}.finalizers`);
  validateManagedFields(problems, metadata, path);
}

function checkNamespace(problems: Problems, namespace: string, path: string, namespaced: boolean): void {
  if (!namespaced) {
    if (namespace !== '') problems.forbidden(`${path}.namespace`, 'not allowed on this type');
  } else if (namespace === '') problems.required(`${path}.namespace`);
  else problems.text(`${path}.namespace`, namespace, dnsLabel);
}

/** Keys are qualified names, values short and plain. */
export function checkLabels(problems: Problems, labels: Readonly<Record<string, string>>, path: string): void {
  for (const [key, value] of Object.entries(labels)) {
    problems.text(path, key, qualifiedNameErrors);
    problems.text(path, value, labelValueErrors);
  }
}

/** Keys are qualified names but for their case; all together are bounded. */
export function checkAnnotations(
  problems: Problems,
  annotations: Readonly<Record<string, string>>,
  path: string,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const detail of qualifiedNameErrors(key.toLowerCase())) problems.invalid(path, key, detail);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > maxAnnotationBytes) problems.tooLong(path, maxAnnotationBytes);
}

function checkFinalizers(problems: Problems, finalizers: readonly string[], path: string): void {
  for (const finalizer of finalizers) problems.text(path, finalizer, qualifiedNameErrors);
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    problems.invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
  }
}

/** Built-in kinds take only Kubernetes' own finalizers and those of a domain. */
export function checkKubernetesFinalizers(problems: Problems, metadata: ObjectValue): void {
  for (const [index, finalizer] of textsAt(metadata, 'finalizers').entries()) {
    if (isKubernetesFinalizer(finalizer)) continue;
    const detail = 'name is neither a standard finalizer name nor is it fully qualified';
    problems.invalid(`metadata.finalizers[${index}]`, finalizer, detail);
  }
}
