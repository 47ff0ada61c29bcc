import type { UserInfo } from '../request/user.ts';
import { isDeepStrictEqual } from 'node:util';
import { forbidden, notFound } from '../status-error.ts';
import { isObject, type ObjectValue } from '../value.ts';
import { authorize } from './authorizer.ts';
import { parseRules, quoteList, type PolicyRule } from './policy-rule.ts';
import { describeUncovered, uncoveredRules } from './rule-cover.ts';
import { grantsFor, roleRefOf, rulesOf, type RoleReader } from './rule-resolver.ts';
import { wellKnown } from './user.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

/** A write of a role or binding, after defaulting and before validation. */
export interface RoleWrite {
  readonly user: UserInfo;
  /** `roles`, `clusterroles`, `rolebindings` or `clusterrolebindings`. */
  readonly resource: string;
  readonly namespace: string;
  /** The name in the request's path; '' for a POST. */
  readonly requestName: string;
  readonly object: ObjectValue;
  readonly old: ObjectValue | undefined;
}

const fullAuthority: readonly PolicyRule[] = parseRules([
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]);

/** Throws a 403 when the write would hand out rights that its author does not hold himself. */
export function checkEscalation(reader: RoleReader, write: RoleWrite): void {
  if (write.user.groups.includes(wellKnown.masters)) return;
  if (write.old !== undefined && onlyCollectorFieldsChange(write.object, write.old)) return;
  if (write.resource.endsWith('bindings')) checkBinding(reader, write);
  else checkRole(reader, write);
}

function checkRole(reader: RoleReader, write: RoleWrite): void {
  const { user, resource, namespace, requestName } = write;
  const attributes = { verb: 'escalate', group: rbacGroup, resource, subresource: '', namespace, name: requestName };
  if (authorize(reader, user, attributes).allowed) return;
  confirm(reader, write, parseRules(write.object['rules']));
  if (!aggregates(write.object) && !aggregates(write.old)) return;
  if (missingRights(reader, write, fullAuthority).length === 0) return;
  throw refuse(write, 'must have cluster-admin privileges to use the aggregationRule');
}

function checkBinding(reader: RoleReader, write: RoleWrite): void {
  const { user, namespace, object } = write;
  const ref = roleRefOf(object);
  if (ref.kind === 'Role' || ref.kind === 'ClusterRole') {
    const resource = ref.kind === 'Role' ? 'roles' : 'clusterroles';
    const attributes = { verb: 'bind', group: rbacGroup, resource, subresource: '', namespace, name: ref.name };
    if (authorize(reader, user, attributes).allowed) return;
  }
  const rules = rulesOf(reader, ref, namespace);
  // The real server reads the role within this request, so its answer names the binding's resource.
  if ('missing' in rules) throw notFound({ group: rbacGroup, plural: write.resource }, ref.name);
  confirm(reader, write, rules);
}

function aggregates(role: ObjectValue | undefined): boolean {
  const rule = role?.['aggregationRule'];
  return isObject(rule) && Array.isArray(rule['clusterRoleSelectors']) && rule['clusterRoleSelectors'].length > 0;
}

function missingRights(
  reader: RoleReader,
  { user, namespace }: RoleWrite,
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  const owned: PolicyRule[] = [];
  for (const grant of grantsFor(reader, user, namespace)) if ('rule' in grant) owned.push(grant.rule);
  return uncoveredRules(owned, wanted);
}

function confirm(reader: RoleReader, write: RoleWrite, rules: readonly PolicyRule[]): void {
  const missing = missingRights(reader, write, rules);
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(write.user.name)} (groups=${quoteList(write.user.groups)})`;
  const what = describeUncovered(missing).join('\n');
  throw refuse(write, `${who} is attempting to grant RBAC permissions not currently held:\n${what}`);
}

function refuse({ resource, object }: RoleWrite, detail: string): Error {
  const metadata = object['metadata'];
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  return forbidden({ group: rbacGroup, plural: resource }, name, detail);
}

/** The garbage collector may take owners and finalizers away without holding the rights of the role. */
function onlyCollectorFieldsChange(object: ObjectValue, old: ObjectValue): boolean {
  return isDeepStrictEqual(withoutCollectorFields(object), withoutCollectorFields(old));
}

function withoutCollectorFields(object: ObjectValue): unknown {
  const { metadata, ...rest } = object;
  if (!isObject(metadata)) return rest;
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...kept } = metadata;
  return { ...rest, metadata: kept };
}
