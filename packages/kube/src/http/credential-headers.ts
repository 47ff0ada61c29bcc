import type { Connection, Credential } from '../connection.ts';

/** The headers that say who is asking. */
export function credentialHeaders(connection: Connection, credential: Credential): Record<string, string> {
  const token = credential.token ?? connection.token;
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (connection.basic === undefined) return {};
  const { username, password } = connection.basic;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
