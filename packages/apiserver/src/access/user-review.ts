import type { UserInfo } from '../request/user.ts';
import type { ObjectValue } from '../value.ts';
import type { TokenOutcome } from './token-authenticator.ts';

/** `authentication.k8s.io/v1` UserInfo. */
export function userInfoValue({ name, uid, groups, extra }: UserInfo): ObjectValue {
  const entries = Object.entries(extra ?? {});
  return {
    ...(name === '' ? {} : { username: name }),
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(entries.length > 0 ? { extra: Object.fromEntries(entries.map(([key, list]) => [key, [...list]])) } : {}),
  };
}

/** `status` of a TokenReview. */
export function tokenReviewStatus(outcome: TokenOutcome): ObjectValue {
  if (outcome.type === 'refused') return { user: {}, error: outcome.problem };
  const { user, audiences } = outcome;
  return {
    authenticated: true,
    user: userInfoValue(user),
    ...(audiences.length > 0 ? { audiences: [...audiences] } : {}),
  };
}
