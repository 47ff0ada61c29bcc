import type { UserInfo } from '../request/user.ts';

/** Groups and users that the server itself gives a meaning to. */
export const wellKnown = {
  anonymous: 'system:anonymous',
  authenticated: 'system:authenticated',
  unauthenticated: 'system:unauthenticated',
  masters: 'system:masters',
  nodes: 'system:nodes',
  serviceAccounts: 'system:serviceaccounts',
} as const;

const accountPrefix = 'system:serviceaccount:';

export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

export function accountUserName({ namespace, name }: AccountName): string {
  return `${accountPrefix}${namespace}:${name}`;
}

/** The groups of every service account of a namespace. */
export function accountGroups(namespace: string): readonly string[] {
  return [wellKnown.serviceAccounts, `${wellKnown.serviceAccounts}:${namespace}`];
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The account that a user name stands for, if it is one. */
export function parseAccountUserName(userName: string): AccountName | undefined {
  if (!userName.startsWith(accountPrefix)) return undefined;
  const [namespace, name, ...rest] = userName.slice(accountPrefix.length).split(':');
  if (namespace === undefined || name === undefined || rest.length > 0) return undefined;
  if (!dnsLabel.test(namespace) || !dnsSubdomain.test(name) || name.length > 253) return undefined;
  return { namespace, name };
}

/** The node that a user name stands for, if it is one. */
export function parseNodeUserName(userName: string): string | undefined {
  const prefix = 'system:node:';
  const name = userName.slice(prefix.length);
  return userName.startsWith(prefix) && dnsSubdomain.test(name) && name.length <= 253 ? name : undefined;
}

/** Adds `system:authenticated`, as the server does for everybody who has proved who he is. */
export function authenticated(user: UserInfo): UserInfo {
  const { authenticated: all, unauthenticated } = wellKnown;
  if (user.name === wellKnown.anonymous || user.groups.includes(all) || user.groups.includes(unauthenticated)) {
    return user;
  }
  return { ...user, groups: [...user.groups, all] };
}
