import { parseAPIVersion } from '@reeve/api';
import { fieldErrors } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { invalid } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';

/**
 * Custom resources have no Go type that would refuse another apiVersion or kind when they are decoded. Throws 422 in
 * the name of the type that the object claims to have.
 */
export function checkType(resource: ResourceInfo, object: ObjectValue): void {
  if (!resource.custom) return;
  const { apiVersion = '', kind = '' } = object;
  const wanted = groupVersionOf(resource);
  const errors: FieldError[] = [];
  if (kind !== resource.kind) errors.push(fieldErrors.invalid('kind', kind, `must be ${resource.kind}`));
  if (apiVersion !== wanted) errors.push(fieldErrors.invalid('apiVersion', apiVersion, `must be ${wanted}`));
  if (errors.length === 0) return;
  const claimed = { group: parseAPIVersion(String(apiVersion)).group, kind: String(kind) };
  throw invalid(claimed, String(metadataOf(object)['name'] ?? ''), errors);
}
