import { fieldErrors } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import { invalid } from '../status-error.ts';
import type { ObjectValue } from '../value.ts';
import { mapAt, textAt, textsAt } from '../builtin/object-path.ts';
import { needsClusterIP } from '../builtin/preparation/service-preparation.ts';
import { clusterIPErrors } from '../builtin/validation/service-addresses-check.ts';

/** The cluster has IPv4 addresses only. */
const family = 'IPv4';
const other = 'IPv6';

/** Sets the address families that a Service has in a cluster of one family, and refuses what that cannot give. */
export function completeFamilies(spec: ObjectValue, before: ObjectValue | undefined, name: string): void {
  if (!needsClusterIP(spec)) return;
  const isDetached = textAt(spec, 'clusterIP') === 'None' && Object.keys(mapAt(spec, 'selector')).length === 0;
  spec['ipFamilyPolicy'] ??= before?.['ipFamilyPolicy'] ?? (isDetached ? 'RequireDualStack' : 'SingleStack');
  refuse(name, clusterIPErrors(spec, before));
  const policy = textAt(spec, 'ipFamilyPolicy');
  if (policy === 'SingleStack') refuse(name, singleStackErrors(spec));
  refuse(name, inferFamilies(spec));
  if (isDetached) {
    const [first = family] = textsAt(spec, 'ipFamilies');
    const isDual = policy !== 'SingleStack' && textsAt(spec, 'ipFamilies').length < 2;
    if (isDual) spec['ipFamilies'] = [first, first === family ? other : family];
    else if (textsAt(spec, 'ipFamilies').length === 0) spec['ipFamilies'] = [family];
    return;
  }
  refuse(name, unservedErrors(spec, policy));
  if (textsAt(spec, 'ipFamilies').length === 0) spec['ipFamilies'] = [family];
}

function refuse(name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: '', kind: 'Service' }, name, errors);
}

function singleStackErrors(spec: ObjectValue): readonly FieldError[] {
  const parts = [
    ['clusterIPs', 'cluster IPs'],
    ['ipFamilies', 'IP families'],
  ] as const;
  return parts
    .filter(([field]) => textsAt(spec, field).length === 2)
    .map(([, words]) =>
      fieldErrors.invalid(
        'spec.ipFamilyPolicy',
        'SingleStack',
        `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${words} are specified`,
      ),
    );
}

/** Addresses tell their families. */
function inferFamilies(spec: ObjectValue): readonly FieldError[] {
  const families = [...textsAt(spec, 'ipFamilies')];
  const errors: FieldError[] = [];
  for (const [index, address] of textsAt(spec, 'clusterIPs').entries()) {
    if (address === 'None') break;
    if (index < families.length) continue;
    if (address.includes(':')) {
      const path = `spec.clusterIPs[${index}]`;
      errors.push(fieldErrors.invalid(path, textsAt(spec, 'clusterIPs'), 'IPv6 is not configured on this cluster'));
    } else families.push(family);
  }
  if (families.length > 0) spec['ipFamilies'] = families;
  return errors;
}

function unservedErrors(spec: ObjectValue, policy: string): readonly FieldError[] {
  const dual = fieldErrors.invalid(
    'spec.ipFamilyPolicy',
    policy,
    'this cluster is not configured for dual-stack services',
  );
  const unserved = textsAt(spec, 'ipFamilies').flatMap((item, index) =>
    item === family ? [] : [fieldErrors.invalid(`spec.ipFamilies[${index}]`, item, 'not configured on this cluster')],
  );
  return policy === 'RequireDualStack' ? [dual, ...unserved] : unserved;
}
