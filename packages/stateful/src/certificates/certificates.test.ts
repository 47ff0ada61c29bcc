import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createAuthority, issueLeaf, type KeyPair } from './authority.ts';
import { renewalDue, renewalReason } from './renewal.ts';
import { readTLSSecret, tlsSecret } from './secrets.ts';

const day = 86_400_000;
const nowMs = Date.parse('2026-01-01T00:00:00Z');
const names = { dnsNames: ['*.db.ns.svc', 'localhost'], addresses: ['127.0.0.1'] };
const authority = await createAuthority({ commonName: 'db', nowMs, validMs: 3650 * day });
const leaf = await issueLeaf(authority, {
  commonName: 'a',
  ...names,
  usages: ['server', 'client'],
  nowMs,
  validMs: 90 * day,
});

const reasonOf = (certificate: string | undefined, more: { ca?: KeyPair; dnsNames?: string[]; atMs?: number } = {}) =>
  renewalReason({
    certificate,
    authority: (more.ca ?? authority).certificate,
    dnsNames: more.dnsNames ?? names.dnsNames,
    addresses: names.addresses,
    nowMs: more.atMs ?? nowMs,
  });

test('a leaf is signed by its authority and carries its names and usages', () => {
  const parsed = new X509Certificate(leaf.certificate);
  assert.equal(parsed.verify(new X509Certificate(authority.certificate).publicKey), true);
  assert.equal(parsed.checkHost('a.db.ns.svc'), 'a.db.ns.svc'.replace('a.', '*.'));
  assert.equal(parsed.checkIP('127.0.0.1'), '127.0.0.1');
  assert.deepEqual(parsed.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  assert.equal(parsed.ca, false);
});

test('a fresh leaf is good', () => assert.equal(reasonOf(leaf.certificate), undefined));
test('a leaf that is not there is missing', () => assert.equal(reasonOf(undefined), 'missing'));
test('a leaf that is no certificate is unreadable', () => assert.equal(reasonOf('x'), 'unreadable'));
test('a leaf past two thirds of its life is expiring', () => {
  assert.equal(reasonOf(leaf.certificate, { atMs: nowMs + 59 * day }), undefined);
  assert.equal(reasonOf(leaf.certificate, { atMs: nowMs + 61 * day }), 'expiring');
  assert.ok(Math.abs((renewalDue(leaf.certificate) ?? 0) - (nowMs + 60 * day)) < day);
});
test('a leaf lacking a wanted name is issued anew', () => {
  assert.equal(reasonOf(leaf.certificate, { dnsNames: ['other'] }), 'other names');
});
test('a leaf of an authority of the same name is told apart by its signature', async () => {
  const ca = await createAuthority({ commonName: 'db', nowMs, validMs: 3650 * day });
  assert.equal(reasonOf(leaf.certificate, { ca }), 'other authority');
});

test('a secret gives back what was put in', () => {
  const secret = tlsSecret({ name: 's' }, leaf, authority.certificate);
  assert.deepEqual(readTLSSecret(secret), { ...leaf, authority: authority.certificate });
  assert.equal(readTLSSecret({ data: { 'tls.crt': 'YQ==' } }), undefined);
});
