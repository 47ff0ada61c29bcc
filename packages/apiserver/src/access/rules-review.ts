import type { UserInfo } from '../request/user.ts';
import type { ObjectValue, Value } from '../value.ts';
import { aggregate } from './authorizer.ts';
import type { PolicyRule } from './policy-rule.ts';
import { grantsFor, type RoleReader } from './rule-resolver.ts';

/** `status` of a SelfSubjectRulesReview: all that holds for the user in the namespace, not made shorter. */
export function rulesReviewStatus(reader: RoleReader, user: UserInfo, namespace: string): ObjectValue {
  const rules: PolicyRule[] = [];
  const missing: string[] = [];
  for (const grant of grantsFor(reader, user, namespace)) {
    if ('rule' in grant) rules.push(grant.rule);
    else missing.push(`${grant.missing}.rbac.authorization.k8s.io "${grant.name}" not found`);
  }
  return {
    resourceRules: rules.filter(({ resources }) => resources.length > 0).map(resourceRule),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs: [...verbs], nonResourceURLs: [...nonResourceURLs] })),
    incomplete: missing.length > 0,
    ...(missing.length > 0 ? { evaluationError: aggregate(missing) } : {}),
  };
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): Value {
  return {
    verbs: [...verbs],
    ...(apiGroups.length > 0 ? { apiGroups: [...apiGroups] } : {}),
    resources: [...resources],
    ...(resourceNames.length > 0 ? { resourceNames: [...resourceNames] } : {}),
  };
}
