import type { ObjectMeta } from '@reeve/api';
import type { Secret } from '@reeve/api/core/v1';
import type { KeyPair } from './authority.ts';

/** The keys of a `kubernetes.io/tls` secret, and the authority beside them as cert-manager lays it out. */
const layout = { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' } as const;

/** A certificate, its key and the authorities to trust, as a secret. */
export function tlsSecret(metadata: ObjectMeta, pair: KeyPair, authority: string): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: {
      [layout.certificate]: encode(pair.certificate),
      [layout.key]: encode(pair.key),
      [layout.authority]: encode(authority),
    },
  };
}

/** Reads such a secret back; undefined when a part is missing. */
export function readTLSSecret(secret: Secret | undefined): (KeyPair & { readonly authority: string }) | undefined {
  const [certificate, key, authority] = [layout.certificate, layout.key, layout.authority].map((name) =>
    decode(secret?.data?.[name]),
  );
  return certificate && key && authority ? { certificate, key, authority } : undefined;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(data: string | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString();
}
