import type { StaticToken } from '../options.ts';
import type { Authenticate } from '../parts.ts';
import { statusError } from '../status-error.ts';

/** Authenticates bearer tokens of a static list alone. */
export function staticTokenAuthentication(tokens: readonly StaticToken[]): Authenticate {
  const byToken = new Map(tokens.map((entry) => [entry.token, entry]));
  return async ({ headers }) => {
    const match = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '');
    if (match === null) return undefined;
    const found = byToken.get(match[1] ?? '');
    if (found === undefined) throw statusError(401, 'Unauthorized', 'Unauthorized');
    return { name: found.user, uid: found.uid, groups: [...found.groups, 'system:authenticated'] };
  };
}
