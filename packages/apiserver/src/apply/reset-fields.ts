import type { ResourceInfo } from '../registry/resource-info.ts';
import { EMPTY_SET, LEAF, setOfPath, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';

const STATUS: FieldSet = { 'f:status': LEAF };
const SPEC: FieldSet = { 'f:spec': LEAF };
const METADATA: FieldSet = { 'f:metadata': LEAF };

const inMetadata = (...names: readonly string[]): FieldSet =>
  names.reduce<FieldSet>((set, name) => union(set, setOfPath(['f:metadata', `f:${name}`])), EMPTY_SET);

/** What a kind's subresources reset beyond the other half of the object, as its registry strategy says. */
const SPECIAL: Readonly<Record<string, FieldSet>> = {
  'deployments.apps/status': inMetadata('labels'),
  'pods/status': inMetadata('deletionTimestamp', 'ownerReferences'),
  'certificatesigningrequests.certificates.k8s.io/approval': union(SPEC, setOfPath(['f:status', 'f:certificate'])),
  'certificatesigningrequests.certificates.k8s.io/status': setOfPath(['f:status', 'f:conditions']),
  'customresourcedefinitions.apiextensions.k8s.io/status': METADATA,
  'validatingadmissionpolicies.admissionregistration.k8s.io/status': METADATA,
};

/** Fields that a request to this (sub)resource cannot change, and that it therefore does not own. */
export function resetFieldsOf(resource: ResourceInfo, subresource: string): FieldSet {
  const { group, plural, custom, subresources } = resource;
  const name = `${group === '' ? plural : `${plural}.${group}`}/${subresource}`;
  const special = SPECIAL[name] ?? EMPTY_SET;
  if (subresource === 'status') return union(custom ? union(SPEC, METADATA) : SPEC, special);
  if (subresource !== '') return special;
  return subresources.some((other) => other.name === 'status') ? STATUS : EMPTY_SET;
}
