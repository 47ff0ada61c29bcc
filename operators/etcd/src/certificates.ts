import type { Secret } from '@reeve/api/core/v1';
import {
  createAuthority,
  issueLeaf,
  readTLSSecret,
  renewalReason,
  tlsSecret,
  type KeyPair,
  type RenewalReason,
} from '@reeve/stateful';
import { usesTLS } from './api/spec.ts';
import { clusterLabels, namesOf, type ClusterIdentity } from './names.ts';
import { peerCommonName } from './objects/flags.ts';

const dayMs = 86_400_000;
const lifetimes = { authority: 3650 * dayMs, leaf: 365 * dayMs } as const;

/** One certificate of a cluster, and the secret that holds it. */
export interface LeafSpec {
  readonly secret: string;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly usages: readonly ('server' | 'client')[];
}

/** What must be made for a cluster's certificates to be whole. */
export type CertificatePlan =
  | { readonly kind: 'complete' }
  | { readonly kind: 'authority' }
  | { readonly kind: 'authorityMissing'; readonly secret: string }
  | { readonly kind: 'leaf'; readonly leaf: LeafSpec; readonly authority: KeyPair; readonly why: RenewalReason };

/** The next certificate to make, the authority first. A lost authority is never replaced in silence: members trust it. */
export function planCertificates(
  identity: ClusterIdentity,
  secretOf: (name: string) => Secret | undefined,
  nowMs: number,
): CertificatePlan {
  if (!usesTLS(identity.spec)) return { kind: 'complete' };
  const { authority: authorityName } = namesOf(identity.name);
  const leafs = leafsOf(identity);
  const authority = readTLSSecret(secretOf(authorityName));
  if (authority === undefined) {
    const isNew = leafs.every(({ secret }) => secretOf(secret) === undefined);
    return isNew ? { kind: 'authority' } : { kind: 'authorityMissing', secret: authorityName };
  }
  for (const leaf of leafs) {
    const { certificate } = readTLSSecret(secretOf(leaf.secret)) ?? {};
    const why = renewalReason({ ...leaf, certificate, authority: authority.certificate, nowMs });
    if (why !== undefined) return { kind: 'leaf', leaf, authority, why };
  }
  return { kind: 'complete' };
}

/** Makes what the plan asks for, as a secret; undefined when it asks for nothing. */
export async function makeCertificate(
  identity: ClusterIdentity,
  plan: CertificatePlan,
  nowMs: number,
): Promise<Secret | undefined> {
  const metadata = (name: string) => ({ name, namespace: identity.namespace, labels: clusterLabels(identity.name) });
  switch (plan.kind) {
    case 'authority': {
      const commonName = `${identity.namespace}/${identity.name} etcd`;
      const pair = await createAuthority({ commonName, nowMs, validMs: lifetimes.authority });
      return tlsSecret(metadata(namesOf(identity.name).authority), pair, pair.certificate);
    }
    case 'leaf': {
      const pair = await issueLeaf(plan.authority, { ...plan.leaf, nowMs, validMs: lifetimes.leaf });
      return tlsSecret(metadata(plan.leaf.secret), pair, plan.authority.certificate);
    }
    default:
      return undefined;
  }
}

/** The certificates of a cluster. Peers check the caller's address by reverse DNS, so the names cover every member. */
export function leafsOf(identity: ClusterIdentity): readonly LeafSpec[] {
  const { name, namespace, clusterDomain } = identity;
  const { clientService, peerService, serverTLS, peerTLS, clientTLS } = namesOf(name);
  const inDomain = (host: string): readonly string[] => [host, `${host}.${clusterDomain}`];
  const members = inDomain(`*.${peerService}.${namespace}.svc`);
  const service = [clientService, `${clientService}.${namespace}`, ...inDomain(`${clientService}.${namespace}.svc`)];
  const loopback = { dnsNames: ['localhost'], addresses: ['127.0.0.1', '0:0:0:0:0:0:0:1'] };
  // The gateway inside etcd dials its own server, with the server's certificate as a client.
  const both = ['server', 'client'] as const;
  return [
    {
      secret: serverTLS,
      commonName: `${name}-server`,
      dnsNames: [...members, ...service, ...loopback.dnsNames],
      addresses: loopback.addresses,
      usages: both,
    },
    { secret: peerTLS, commonName: peerCommonName(name), dnsNames: members, addresses: [], usages: both },
    { secret: clientTLS, commonName: `${name}-client`, dnsNames: [], addresses: [], usages: ['client'] },
  ];
}
