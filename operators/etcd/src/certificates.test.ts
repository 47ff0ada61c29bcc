import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secret } from '@reeve/api/core/v1';
import { leafsOf, makeCertificate, planCertificates } from './certificates.ts';
import type { ClusterIdentity } from './names.ts';

const identity: ClusterIdentity = {
  name: 'db',
  namespace: 'ns',
  uid: 'u',
  spec: { clusterSize: 3, version: 'v3.5.16' },
  clusterDomain: 'cluster.local',
};
const day = 86_400_000;

async function issueAll(secrets: Map<string, Secret>, nowMs: number): Promise<readonly string[]> {
  const made: string[] = [];
  for (let round = 0; round < 10; round++) {
    const secret = await makeCertificate(
      identity,
      planCertificates(identity, (name) => secrets.get(name), nowMs),
      nowMs,
    );
    if (secret?.metadata?.name === undefined) break;
    secrets.set(secret.metadata.name, secret);
    made.push(secret.metadata.name);
  }
  return made;
}

const secrets = new Map<string, Secret>();
const made = await issueAll(secrets, 0);

test('the authority comes first, then the certificates it signs', () => {
  assert.deepEqual(made, ['db-ca', 'db-server-tls', 'db-peer-tls', 'db-client-tls']);
});

test('what is whole is left alone', async () => {
  assert.equal(planCertificates(identity, (name) => secrets.get(name), day).kind, 'complete');
});

test('all certificates are renewed before they expire, the authority is kept', async () => {
  const later = new Map(secrets);
  assert.deepEqual(await issueAll(later, 300 * day), ['db-server-tls', 'db-peer-tls', 'db-client-tls']);
  assert.equal(later.get('db-ca'), secrets.get('db-ca'));
});

test('a deleted client secret is made again', () => {
  const plan = planCertificates(identity, (name) => (name === 'db-client-tls' ? undefined : secrets.get(name)), day);
  assert.equal(plan.kind === 'leaf' && plan.leaf.secret, 'db-client-tls');
});

test('a lost authority is never replaced in silence', () => {
  const plan = planCertificates(identity, (name) => (name === 'db-ca' ? undefined : secrets.get(name)), day);
  assert.deepEqual(plan, { kind: 'authorityMissing', secret: 'db-ca' });
});

test('without TLS nothing is made', () => {
  const plain = { ...identity, spec: { ...identity.spec, tls: { mode: 'Disabled' as const } } };
  assert.equal(planCertificates(plain, () => undefined, 0).kind, 'complete');
});

test('members are covered by name in both forms of the service domain', () => {
  const names = leafsOf(identity).find(({ secret }) => secret === 'db-peer-tls')?.dnsNames;
  assert.deepEqual(names, ['*.db-peers.ns.svc', '*.db-peers.ns.svc.cluster.local']);
});
