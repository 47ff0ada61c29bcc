import type { WireRequest } from '@reeve/api';
import { untrustedCertificate } from '../http/client-certificate.ts';
import type { UserInfo } from '../request/user.ts';
import { statusError, type StatusError } from '../status-error.ts';
import type { TokenAuthenticator } from './token-authenticator.ts';
import { authenticated } from './user.ts';

/** The subject of a client certificate that the front has checked against its CA. */
export interface CertificateSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** 401: the same for every reason. */
function unauthorized(): StatusError {
  return statusError(401, 'Unauthorized', 'Unauthorized');
}

/** CN is the user, each O a group. */
export function certificateUser({ commonName, organizations }: CertificateSubject): UserInfo {
  return authenticated({ name: commonName, groups: organizations });
}

/** The token of `Authorization: Bearer x`, whose scheme may be in any case; other schemes count as no credentials. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme = '', token = ''] = (header ?? '').trim().split(/\s+/, 2);
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}

/** Browsers cannot set headers on WebSockets: there the token may come as a subprotocol. */
function protocolToken(header: string | undefined): string | undefined {
  const prefix = 'base64url.bearer.authorization.k8s.io.';
  const found = (header ?? '')
    .split(',')
    .map((item) => item.trim())
    .find((item) => item.startsWith(prefix));
  return found === undefined ? undefined : Buffer.from(found.slice(prefix.length), 'base64url').toString('utf8');
}

/** Reads a request's bearer token; undefined where there is none, 401 where it is wrong. */
export function authenticateBearer(tokens: TokenAuthenticator, request: WireRequest): UserInfo | undefined {
  const { headers } = request;
  const token = bearerToken(headers['authorization']) ?? protocolToken(headers['sec-websocket-protocol']);
  if (token === undefined) return undefined;
  const outcome = tokens.authenticate(token);
  if (outcome.type === 'user') return outcome.user;
  throw unauthorized();
}

/** Reads what the front says of a client certificate; it says nothing where there is none. Throws 401 for a foreign one. */
export function parseCertificateSubject(header: string | undefined): CertificateSubject | undefined {
  if (header === undefined || header === '') return undefined;
  if (header === untrustedCertificate) throw unauthorized();
  const { commonName, organizations } = JSON.parse(header) as Partial<CertificateSubject>;
  return commonName ? { commonName, organizations: organizations ?? [] } : undefined;
}
