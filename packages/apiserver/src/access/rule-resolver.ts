import type { UserInfo } from '../request/user.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { parseRules, type PolicyRule } from './policy-rule.ts';
import { accountUserName } from './user.ts';

/** How the authorizer sees the stored roles and bindings. */
export interface RoleReader {
  role(namespace: string, name: string): ObjectValue | undefined;
  clusterRole(name: string): ObjectValue | undefined;
  roleBindings(namespace: string): Iterable<ObjectValue>;
  clusterRoleBindings(): Iterable<ObjectValue>;
}

export interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

/** A rule that holds for a user, and what gives it to him; or a binding whose role is not there. */
export type RuleGrant =
  | { readonly rule: PolicyRule; readonly source: string }
  | { readonly missing: 'role' | 'clusterrole'; readonly name: string };

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function roleRefOf(binding: ObjectValue): RoleRef {
  const ref = binding['roleRef'];
  return isObject(ref) ? { kind: text(ref['kind']), name: text(ref['name']) } : { kind: '', name: '' };
}

function subjectsOf(binding: ObjectValue): readonly Subject[] {
  const subjects = binding['subjects'];
  if (!Array.isArray(subjects)) return [];
  return subjects.filter(isObject).map((subject) => ({
    kind: text(subject['kind']),
    name: text(subject['name']),
    namespace: text(subject['namespace']),
  }));
}

function nameOf(object: ObjectValue): string {
  const metadata = object['metadata'];
  return isObject(metadata) ? text(metadata['name']) : '';
}

/** A service account without a namespace is one of the binding's own namespace. */
function matches(user: UserInfo, subject: Subject, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const namespace = subject.namespace === '' ? bindingNamespace : subject.namespace;
      return namespace !== '' && accountUserName({ namespace, name: subject.name }) === user.name;
    }
    default:
      return false;
  }
}

/** The rules of the role that a binding of `namespace` refers to, or what is missing. */
export function rulesOf(
  reader: RoleReader,
  ref: RoleRef,
  namespace: string,
): readonly PolicyRule[] | { readonly missing: 'role' | 'clusterrole'; readonly name: string } {
  const role = ref.kind === 'Role' ? reader.role(namespace, ref.name) : reader.clusterRole(ref.name);
  if (role !== undefined) return parseRules(role['rules']);
  return { missing: ref.kind === 'Role' ? 'role' : 'clusterrole', name: ref.name };
}

/** Everything that holds for a user in a namespace ('' for the cluster scope): bindings of the cluster first. */
export function* grantsFor(reader: RoleReader, user: UserInfo, namespace: string): Generator<RuleGrant> {
  for (const binding of reader.clusterRoleBindings()) yield* grantsOf(reader, user, binding, '');
  if (namespace === '') return;
  for (const binding of reader.roleBindings(namespace)) yield* grantsOf(reader, user, binding, namespace);
}

function* grantsOf(reader: RoleReader, user: UserInfo, binding: ObjectValue, namespace: string): Generator<RuleGrant> {
  const subject = subjectsOf(binding).find((candidate) => matches(user, candidate, namespace));
  if (subject === undefined) return;
  const rules = rulesOf(reader, roleRefOf(binding), namespace);
  if ('missing' in rules) {
    yield rules;
    return;
  }
  const source = describeGrant(binding, subject, namespace);
  for (const rule of rules) yield { rule, source };
}

/** What a review gives as its reason: binding, role and subject. */
function describeGrant(binding: ObjectValue, subject: Subject, namespace: string): string {
  const ref = roleRefOf(binding);
  const label =
    namespace === '' ? `ClusterRoleBinding "${nameOf(binding)}"` : `RoleBinding "${nameOf(binding)}/${namespace}"`;
  const home = subject.namespace === '' ? namespace : subject.namespace;
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${home}` : subject.name;
  return `${label} of ${ref.kind} "${ref.name}" to ${subject.kind} "${who}"`;
}
