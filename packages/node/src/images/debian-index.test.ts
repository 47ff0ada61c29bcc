import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksumOf, newestRevision } from './debian-index.ts';

const stanza = (name: string, version: string): string =>
  `Package: ${name}\nVersion: ${version}\nFilename: pool/${name}_${version}.deb\nSHA256: sum-${version}\n`;
const list = [
  stanza('etcd-server', '3.5.15-9'),
  stanza('etcd-server', '3.5.16-4'),
  stanza('etcd-server', '3.5.16-5+b1'),
  stanza('etcd-server', '3.5.160-1'),
  stanza('etcd-server-extra', '3.5.16-9'),
  stanza('kubectl', '1:1.36.4+ds-1'),
].join('\n');

test('the newest revision of exactly one upstream version is found', () => {
  assert.equal(newestRevision(list, 'etcd-server', '3.5.16')?.version, '3.5.16-5+b1');
});

test('an epoch and a repacking suffix are not part of the upstream version', () => {
  assert.equal(newestRevision(list, 'kubectl', '1.36.4')?.path, 'pool/kubectl_1:1.36.4+ds-1.deb');
});

test('no other version is taken instead', () => {
  assert.equal(newestRevision(list, 'etcd-server', '3.5.17'), undefined);
});

test('the SHA-256 of a file is read from the signed release, not its MD5', () => {
  const release = 'Suite: sid\nMD5Sum:\n aaa 1 main/Packages.xz\nSHA256:\n bbb 1 main/Packages.xz\n';
  assert.equal(checksumOf(release, 'main/Packages.xz'), 'bbb');
});
