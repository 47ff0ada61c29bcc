import { dnsLabel, dnsSubdomain, pathSegment } from './names.ts';
import type { TextRule } from './names.ts';

/** How the objects of a kind may be called; those not listed are DNS subdomains. */
const rules: Readonly<Record<string, TextRule>> = {
  Namespace: dnsLabel,
  'apps/StatefulSet': dnsLabel,
  'apiregistration.k8s.io/APIService': pathSegment,
  'certificates.k8s.io/CertificateSigningRequest': () => [],
  'policy/PodDisruptionBudget': pathSegment,
  Event: pathSegment,
  'events.k8s.io/Event': pathSegment,
  'rbac.authorization.k8s.io/ClusterRole': pathSegment,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegment,
  'rbac.authorization.k8s.io/Role': pathSegment,
  'rbac.authorization.k8s.io/RoleBinding': pathSegment,
  Service: dnsLabel,
};

/** The rule for names of a kind. */
export function nameRuleOf(group: string, kind: string): TextRule {
  return rules[group === '' ? kind : `${group}/${kind}`] ?? dnsSubdomain;
}
