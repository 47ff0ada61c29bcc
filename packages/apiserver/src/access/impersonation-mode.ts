import type { UserInfo } from '../request/user.ts';
import type { StatusError } from '../status-error.ts';
import { denied, type Attributes, type ResourceAttributes } from './attributes.ts';
import { authorize } from './authorizer.ts';
import type { RoleReader } from './rule-resolver.ts';
import { accountGroups, parseAccountUserName, parseNodeUserName, wellKnown } from './user.ts';

/** The ways to impersonate, in the order in which they are tried. */
export const modes = ['associated-node', 'arbitrary-node', 'serviceaccount', 'user-info', 'legacy'] as const;
export type ModeName = (typeof modes)[number];

export interface Attempt {
  readonly requester: UserInfo;
  readonly wanted: UserInfo;
  readonly attributes: Attributes;
}

export type Outcome = { readonly user: UserInfo } | { readonly refusal: StatusError };

const authentication = 'authentication.k8s.io';
/** From so many groups or extra values on, one right for all of them is looked for first. */
const many = 4;

/** Tries one mode; undefined when it does not apply to the wanted user. */
export function impersonate(reader: RoleReader, mode: ModeName, attempt: Attempt): Outcome | undefined {
  if (!applies(mode, attempt)) return undefined;
  const check = new Checks(reader, mode, attempt.requester);
  if (mode !== 'legacy') {
    const { attributes } = attempt;
    check.require({ ...attributes, verb: `impersonate-on:${mode}:${attributes.verb}` });
  }
  checkName(check, attempt.wanted);
  checkParts(check, attempt.wanted);
  return check.refusal === undefined ? { user: resultOf(mode, attempt.wanted) } : { refusal: check.refusal };
}

function applies(mode: ModeName, { requester, wanted }: Attempt): boolean {
  const node = parseNodeUserName(wanted.name);
  const account = parseAccountUserName(wanted.name);
  const nameOnly = wanted.uid === undefined && wanted.groups.length === 0 && wanted.extra === undefined;
  switch (mode) {
    case 'associated-node':
      return (
        nameOnly &&
        node !== undefined &&
        parseAccountUserName(requester.name) !== undefined &&
        nodeOf(requester) === node
      );
    case 'arbitrary-node':
      return nameOnly && node !== undefined;
    case 'serviceaccount':
      return nameOnly && account !== undefined;
    case 'user-info':
      return node === undefined && account === undefined;
    case 'legacy':
      return true;
  }
}

/** The node of the pod that a service account's token is bound to. */
function nodeOf(user: UserInfo): string | undefined {
  const names = user.extra?.['authentication.kubernetes.io/node-name'] ?? [];
  return names.length === 1 ? names[0] : undefined;
}

/** Collects the checks of one attempt; the first refusal ends it. */
class Checks {
  readonly mode: ModeName;
  refusal: StatusError | undefined;
  readonly #reader: RoleReader;
  readonly #requester: UserInfo;

  constructor(reader: RoleReader, mode: ModeName, requester: UserInfo) {
    this.#reader = reader;
    this.mode = mode;
    this.#requester = requester;
  }

  get constrained(): boolean {
    return this.mode !== 'legacy';
  }

  require(attributes: Attributes): void {
    if (this.refusal !== undefined) return;
    const { allowed, reason } = authorize(this.#reader, this.#requester, attributes);
    if (!allowed) this.refusal = denied(this.#requester, attributes, reason);
  }

  allows(attributes: Attributes): boolean {
    return authorize(this.#reader, this.#requester, attributes).allowed;
  }

  refuse(attributes: Attributes, reason: string): void {
    this.refusal ??= denied(this.#requester, attributes, reason);
  }

  /** Users and groups were in the core group before constrained impersonation. */
  on(resource: string, name: string, subresource = ''): ResourceAttributes {
    const old = !this.constrained && (resource === 'users' || resource === 'groups' || resource === 'serviceaccounts');
    const verb = this.constrained ? `impersonate:${this.mode}` : 'impersonate';
    return { verb, group: old ? '' : authentication, resource, subresource, namespace: '', name };
  }
}

function checkName(check: Checks, { name }: UserInfo): void {
  const account = parseAccountUserName(name);
  const node = check.constrained ? parseNodeUserName(name) : undefined;
  if (account !== undefined) {
    check.require({ ...check.on('serviceaccounts', account.name), namespace: account.namespace });
  } else if (node !== undefined) {
    check.require(check.on('nodes', check.mode === 'associated-node' ? '*' : node));
  } else {
    check.require(check.on('users', name));
  }
}

function checkParts(check: Checks, wanted: UserInfo): void {
  if (wanted.uid !== undefined) check.require(check.on('uids', wanted.uid));
  checkGroups(check, wanted.groups);
  checkExtra(check, wanted.extra ?? {});
}

function checkGroups(check: Checks, groups: readonly string[]): void {
  if (check.constrained) {
    if (groups.includes(''))
      check.refuse(check.on('groups', ''), 'impersonating the empty string group is not allowed');
    if (groups.includes(wellKnown.masters)) {
      const attributes = check.on('groups', wellKnown.masters);
      check.refuse(attributes, 'impersonating the system:masters group is not allowed');
    }
    if (groups.length >= many && check.allows(check.on('groups', '*'))) return;
  }
  for (const group of groups) check.require(check.on('groups', group));
}

function checkExtra(check: Checks, extra: Readonly<Record<string, readonly string[]>>): void {
  const pairs = Object.entries(extra).flatMap(([key, list]) => list.map((value) => ({ key, value })));
  if (check.constrained) {
    if (pairs.some(({ value }) => value === '')) {
      const reason = 'impersonating the empty string value in extra is not allowed';
      check.refuse(check.on('userextras', ''), reason);
    }
    if (pairs.length >= many && check.allows(check.on('userextras', '*', '*'))) return;
  }
  for (const { key, value } of pairs) check.require(check.on('userextras', value, key));
}

function resultOf(mode: ModeName, wanted: UserInfo): UserInfo {
  const groups = [...groupsOf(mode, wanted)];
  const { anonymous, unauthenticated, authenticated } = wellKnown;
  const last = wanted.name === anonymous || groups.includes(unauthenticated) ? unauthenticated : authenticated;
  if (!groups.includes(last)) groups.push(last);
  return { ...wanted, groups };
}

function groupsOf(mode: ModeName, { name, groups }: UserInfo): readonly string[] {
  if (groups.length > 0) return groups;
  if (mode !== 'legacy' && parseNodeUserName(name) !== undefined) return [wellKnown.nodes];
  const account = parseAccountUserName(name);
  return account === undefined ? [] : accountGroups(account.namespace);
}
