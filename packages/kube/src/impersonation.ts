import type { Impersonation } from './connection.ts';

/** The headers that ask the server to treat a request as another user's. */
export function impersonationHeaders(as: Impersonation | undefined): Record<string, string> {
  if (as === undefined) return {};
  const extra = Object.entries(as.extra ?? {}).map(([key, values]): [string, string] => [
    `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
    values.join(','),
  ]);
  return {
    'impersonate-user': as.user,
    ...(as.uid === undefined ? {} : { 'impersonate-uid': as.uid }),
    ...(as.groups === undefined ? {} : { 'impersonate-group': as.groups.join(',') }),
    ...Object.fromEntries(extra),
  };
}
