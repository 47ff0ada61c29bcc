import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@reeve/api';

/** PEM texts of the authority and of what the server presents, and the authority's key for client certificates. */
export interface Certificates {
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const yearMs = 365 * 24 * 3600_000;
const lifetimeMs = 10 * yearMs;
/** Certificates begin a little in the past, for clients whose clock is behind. */
const leewayMs = 5 * 60_000;

const files = { ca: 'ca.crt', caKey: 'ca.key', cert: 'apiserver.crt', key: 'apiserver.key' } as const;

/** The certificates in `directory`, made there if there are none; without a directory they are made for this run. */
export async function loadCertificates(
  clock: Clock,
  addresses: readonly string[],
  directory: string | undefined,
): Promise<Certificates> {
  if (directory === undefined) return makeCertificates(clock, addresses);
  const paths = Object.values(files).map((name) => join(directory, name));
  if (paths.every((path) => existsSync(path))) {
    const [ca = '', caKey = '', cert = '', key = ''] = paths.map((path) => readFileSync(path, 'utf8'));
    return { ca, caKey, cert, key };
  }
  const made = await makeCertificates(clock, addresses);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const [part, name] of Object.entries(files)) {
    writeFileSync(join(directory, name), made[part as keyof Certificates], { mode: 0o600 });
  }
  return made;
}

/** A new authority and a serving certificate for host names and addresses. */
export async function makeCertificates(clock: Clock, addresses: readonly string[]): Promise<Certificates> {
  // The library takes 100 ms to load and is needed for the first start only.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { KeyUsageFlags, ExtendedKeyUsage } = x509;
  const authorityKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const servingKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date(clock.now() - leewayMs);
  const notAfter = new Date(clock.now() + lifetimeMs);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=reeve-ca',
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  });
  const serving = await x509.X509CertificateGenerator.create({
    subject: 'CN=reeve-apiserver',
    issuer: authority.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: servingKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(addresses.map(nameEntry)),
    ],
  });
  return {
    ca: authority.toString('pem'),
    caKey: await privatePem(authorityKeys.privateKey),
    cert: serving.toString('pem'),
    key: await privatePem(servingKeys.privateKey),
  };
}

function nameEntry(address: string): { readonly type: 'ip' | 'dns'; readonly value: string } {
  return { type: /^[\d.]+$|:/.test(address) ? 'ip' : 'dns', value: address };
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
