import type { ObjectValue } from '../../value.ts';
import { itemsOf } from '../object-path.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** Network policies, ingress classes, endpoint slices and RBAC's references. */
export const networkingDefaults: DefaultsTable = {
  'networking/v1.NetworkPolicyPort': { set: { protocol: 'TCP' } },
  'networking/v1.NetworkPolicySpec': { adjust: defaultPolicyTypes },
  'networking/v1.IngressClassParametersReference': { set: { scope: 'Cluster' } },
  'discovery/v1.EndpointPort': { set: { name: '', protocol: 'TCP' } },
  'rbac/v1.RoleRef': { set: { apiGroup: 'rbac.authorization.k8s.io' } },
  'rbac/v1.Subject': { adjust: defaultSubjectGroup },
};

function defaultPolicyTypes(spec: ObjectValue): void {
  const types = spec['policyTypes'];
  if (Array.isArray(types) && types.length > 0) return;
  spec['policyTypes'] = itemsOf(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function defaultSubjectGroup(subject: ObjectValue): void {
  if (subject['apiGroup']) return;
  if (subject['kind'] === 'User' || subject['kind'] === 'Group') subject['apiGroup'] = 'rbac.authorization.k8s.io';
}
