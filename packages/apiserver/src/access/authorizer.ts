import type { UserInfo } from '../request/user.ts';
import { isPath, type Attributes } from './attributes.ts';
import { ruleAllows } from './policy-rule.ts';
import { grantsFor, type RoleReader } from './rule-resolver.ts';
import { wellKnown } from './user.ts';

export interface Decision {
  readonly allowed: boolean;
  /** What allowed it, or why something that might have did not; often ''. */
  readonly reason: string;
}

/** RBAC with the group `system:masters` in front of it, as kube-apiserver has it with `--authorization-mode=RBAC`. */
export function authorize(reader: RoleReader, user: UserInfo, attributes: Attributes): Decision {
  if (user.groups.includes(wellKnown.masters)) return { allowed: true, reason: '' };
  const missing = new Set<string>();
  for (const grant of grantsFor(reader, user, isPath(attributes) ? '' : attributes.namespace)) {
    if ('missing' in grant) missing.add(`${grant.missing}.rbac.authorization.k8s.io "${grant.name}" not found`);
    else if (ruleAllows(grant.rule, attributes)) {
      return { allowed: true, reason: `RBAC: allowed by ${grant.source}` };
    }
  }
  return { allowed: false, reason: missing.size === 0 ? '' : `RBAC: ${aggregate([...missing])}` };
}

/** Several errors in one text: `[a, b]`. */
export function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
}
