import { randomUUID } from 'node:crypto';
import { isObject, type ObjectValue, type Value } from '../value.ts';
import { signClaims, verifiedPayload, type SigningKey } from './signing-key.ts';

/** A named object that a token is tied to: it ends with it. */
export interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** What a token of a service account says (`kubernetes.io` is the private claim of KEP-1205). */
export interface AccountClaims {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly namespace: string;
  readonly account: Bound;
  readonly pod?: Bound;
  readonly secret?: Bound;
  readonly node?: Bound;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly id: string;
}

/** Makes the token of `claims`; its id is new. */
export function issueToken(key: SigningKey, claims: Omit<AccountClaims, 'id'>): string {
  const { namespace, account, pod, secret, node } = claims;
  return signClaims(key, {
    aud: claims.audiences,
    exp: claims.expiresAt,
    iat: claims.issuedAt,
    iss: claims.issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(node ? { node } : {}),
      ...(pod ? { pod } : {}),
      ...(secret ? { secret } : {}),
      serviceaccount: account,
    },
    nbf: claims.issuedAt,
    sub: `system:serviceaccount:${namespace}:${account.name}`,
  });
}

/** `foreign`: not a token of this issuer at all, which is nobody's fault. */
export type ParsedToken =
  | { readonly type: 'claims'; readonly claims: AccountClaims }
  | { readonly type: 'foreign' }
  | { readonly type: 'invalid'; readonly problem: string };

/** Reads a token and checks its signature and times, nothing else. */
export function parseToken(key: SigningKey, issuer: string, token: string, now: number): ParsedToken {
  const unverified = readJson(token.split('.')[1] ?? '');
  if (unverified?.['iss'] !== issuer) return { type: 'foreign' };
  const payload = verifiedPayload(key, token);
  if (payload === undefined) return invalid('signature of the token is not valid');
  const claims = claimsOf(unverified, issuer);
  if (claims === undefined) return invalid('service account token claims could not be read');
  const seconds = now / 1000;
  if (seconds > claims.expiresAt) return invalid('service account token has expired');
  // A minute of leeway for clocks, as on the real server.
  if (seconds + 60 < claims.issuedAt) return invalid('service account token is not valid yet');
  return { type: 'claims', claims };
}

function invalid(problem: string): ParsedToken {
  return { type: 'invalid', problem };
}

function readJson(part: string): ObjectValue | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Value;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function claimsOf(payload: ObjectValue, issuer: string): AccountClaims | undefined {
  const own = payload['kubernetes.io'];
  const { aud, exp, iat, jti } = payload;
  if (!isObject(own) || typeof exp !== 'number' || typeof iat !== 'number' || typeof jti !== 'string') return undefined;
  const account = boundOf(own['serviceaccount']);
  const namespace = own['namespace'];
  if (account === undefined || typeof namespace !== 'string') return undefined;
  const [pod, secret, node] = [boundOf(own['pod']), boundOf(own['secret']), boundOf(own['node'])];
  return {
    issuer,
    audiences: Array.isArray(aud) ? aud.filter((item) => typeof item === 'string') : [],
    namespace,
    account,
    ...(pod ? { pod } : {}),
    ...(secret ? { secret } : {}),
    ...(node ? { node } : {}),
    issuedAt: iat,
    expiresAt: exp,
    id: jti,
  };
}

function boundOf(value: Value | undefined): Bound | undefined {
  if (!isObject(value)) return undefined;
  const { name, uid } = value;
  return typeof name === 'string' && typeof uid === 'string' ? { name, uid } : undefined;
}
