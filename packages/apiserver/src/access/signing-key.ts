import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signs and checks the tokens of service accounts. RSA keys sign RS256, P-256 keys ES256. */
export interface SigningKey {
  readonly algorithm: 'RS256' | 'ES256';
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The key kept in `dataDir`, made at the first start; without a directory a new one. */
export function loadSigningKey(dataDir: string | undefined): SigningKey {
  if (dataDir === undefined) return signingKey(newPrivateKey());
  const file = join(dataDir, 'service-account.key');
  try {
    return signingKey(createPrivateKey(readFileSync(file)));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    const key = newPrivateKey();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return signingKey(key);
  }
}

function newPrivateKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The id is the hash of the public key, so that it stays the same over restarts. */
export function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { algorithm: privateKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256', id, privateKey, publicKey };
}

/** JWS compact form (RFC 7515) of a set of claims. */
export function signClaims(key: SigningKey, claims: Readonly<Record<string, unknown>>): string {
  const header = encode({ alg: key.algorithm, kid: key.id });
  const payload = `${header}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(payload), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${payload}.${signature.toString('base64url')}`;
}

/** The parts of a token whose signature is right; undefined if it is not. */
export function verifiedPayload(key: SigningKey, token: string): string | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  // Base64 has spare bits at its end: only the canonical spelling of a signature counts.
  if (bytes.toString('base64url') !== signature) return undefined;
  const options = { key: key.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(`${header}.${payload}`), options, bytes)
    ? Buffer.from(payload, 'base64url').toString('utf8')
    : undefined;
}

/** The public half as a JSON Web Key (RFC 7517). */
export function publicJwk(key: SigningKey): JsonWebKey {
  return { use: 'sig', ...key.publicKey.export({ format: 'jwk' }), kid: key.id, alg: key.algorithm };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
