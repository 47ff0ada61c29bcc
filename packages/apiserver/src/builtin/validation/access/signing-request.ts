import { createPublicKey, verify } from 'node:crypto';
import { readElement, readElements } from './der.ts';

/** Hashes of signature algorithms by the bytes of their identifiers in hex; '' where the key says all. */
const hashes: Readonly<Record<string, string>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': '',
};

const block = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/;

/** What is wrong with a base64 text of a PEM text of a PKCS #10 request (RFC 2986); undefined if nothing is. */
export function signingRequestProblem(request: string): string | undefined {
  const match = block.exec(Buffer.from(request, 'base64').toString('latin1'));
  if (match === null || match[1] !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  const outer = readElement(Buffer.from(match[2] ?? '', 'base64'));
  const [info, algorithm, signature] = (outer && readElements(outer.content)) ?? [];
  const [, , publicKey] = (info && readElements(info.content)) ?? [];
  const [identifier] = (algorithm && readElements(algorithm.content)) ?? [];
  if (info === undefined || publicKey === undefined || identifier === undefined || signature === undefined) {
    return 'asn1: structure error: the request could not be parsed';
  }
  const hash = hashes[Buffer.from(identifier.content).toString('hex')];
  if (hash === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
  // A BIT STRING begins with the number of its unused bits.
  const bytes = signature.content.subarray(1);
  return isSigned(info.whole, publicKey.whole, hash, bytes) ? undefined : 'x509: invalid signature';
}

function isSigned(info: Uint8Array, publicKey: Uint8Array, hash: string, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return verify(hash === '' ? null : hash, info, key, signature);
  } catch {
    return false;
  }
}
