import { fieldErrors, type FieldError } from '../field-error.ts';
import type { ObjectValue } from '../value.ts';
import { objectOf, readDefinition, textOf } from './definition-spec.ts';

const approvalAnnotation = 'api-approved.kubernetes.io';

/** Whether the Kubernetes community approved an API in one of its groups; undefined for other groups. */
export function approvalOf(definition: ObjectValue): { readonly state: string; readonly reason: string } | undefined {
  const { group } = readDefinition(definition);
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return undefined;
  const value = textOf(objectOf(objectOf(definition['metadata'])['annotations'])[approvalAnnotation]);
  const explained = `protected groups must have approval annotation ${JSON.stringify(approvalAnnotation)}`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (value === '') return { state: 'missing', reason: `${explained}, ${see}` };
  if (value.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${JSON.stringify(value)}` };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(value)) return { state: 'approved', reason: `approved in ${value}` };
  return { state: 'invalid', reason: `${explained} with either a URL or a reason starting with "unapproved", ${see}` };
}

/** Refuses APIs in Kubernetes' own groups that say nothing of their approval. */
export function validateApproval(definition: ObjectValue, old: ObjectValue | undefined): readonly FieldError[] {
  const approval = approvalOf(definition);
  if (approval === undefined || (old !== undefined && approvalOf(old)?.state === approval.state)) return [];
  const at = `metadata.annotations[${approvalAnnotation}]`;
  if (approval.state === 'missing') return [fieldErrors.required(at, approval.reason)];
  if (approval.state !== 'invalid') return [];
  const value = objectOf(objectOf(definition['metadata'])['annotations'])[approvalAnnotation];
  return [fieldErrors.invalid(at, value, approval.reason)];
}
