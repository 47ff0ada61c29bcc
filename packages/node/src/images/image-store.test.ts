import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addImage, readAdditions } from './additions.ts';
import { etcdPrograms } from './catalogue.ts';
import { additionsFileOf, catalogueReferences, createImageStore } from './image-store.ts';
import { programOnPath } from './program.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'reeve-images-'));
after(() => rmSync(cacheDir, { recursive: true }));
const store = createImageStore({ cacheDir, checkoutDir: '/checkout', nodeBinary: '/node' });

test('an unknown reference is refused with the way to add it, never substituted', async () => {
  for (const reference of [
    'nginx',
    'quay.io/coreos/etcd:v3.5.17',
    'quay.io/coreos/etcd:3.5.16',
    'quay.io/coreos/etcd',
  ]) {
    await assert.rejects(store.pull(reference), {
      code: 'UNKNOWN_REFERENCE',
      message: new RegExp(`reeve images add ${reference} `),
    });
  }
});

test("an operator's image is this checkout with the carried Node, read-only", async () => {
  const image = await store.pull('reeve/etcd-operator:0.1.0');
  assert.deepEqual(image.binds, [
    ['/checkout', '/reeve'],
    ['/node', '/opt/node'],
  ]);
  assert.deepEqual(image.entrypoint.slice(0, 1), ['/opt/node']);
});

test('a package in the cache needs no network', async () => {
  for (const name of ['etcd-server', 'etcd-client']) {
    mkdirSync(join(cacheDir, 'packages', `${name}_3.5.16`), { recursive: true });
    writeFileSync(join(cacheDir, 'packages', `${name}_3.5.16`, '.version'), '3.5.16-4');
  }
  const image = await store.pull('quay.io/coreos/etcd:v3.5.16');
  assert.equal(image.id, 'deb://etcd-server@3.5.16-4');
  assert.deepEqual(
    image.layers,
    ['etcd-server', 'etcd-client'].map((name) => join(cacheDir, 'packages', `${name}_3.5.16`)),
  );
});

test('an image that the user added can be pulled, and adding it again replaces it', async () => {
  const file = additionsFileOf(cacheDir);
  const rootfs = join(cacheDir, 'rootfs');
  for (const folder of ['usr/bin', 'opt/app', 'proc']) mkdirSync(join(rootfs, folder), { recursive: true });
  await addImage(file, { reference: 'own/app:1', rootfs: '/old', entrypoint: [] });
  await addImage(file, { reference: 'own/app:1', rootfs, entrypoint: ['/opt/app/run'] });
  assert.equal((await readAdditions(file)).length, 1);
  const image = await store.pull('own/app:1');
  assert.deepEqual([image.id, image.layers, image.entrypoint], [`rootfs://${rootfs}`, [rootfs], ['/opt/app/run']]);
  assert.deepEqual(
    image.binds,
    [[join(rootfs, 'opt'), '/opt']],
    'its own folders are shown, the common ones laid over',
  );
});

test('additions that make no sense are refused', async () => {
  const file = additionsFileOf(cacheDir);
  const refused = { code: 'BAD_ADDITION' };
  await assert.rejects(addImage(file, { reference: 'Not A Reference', rootfs: '/x', entrypoint: [] }), refused);
  await assert.rejects(addImage(file, { reference: 'a:1', rootfs: 'relative', entrypoint: [] }), refused);
  await assert.rejects(addImage(file, { reference: 'a:1', deb: 'noversion', suite: 'sid', entrypoint: [] }), refused);
});

test('the catalogue lists the exact versions of etcd', () => {
  for (const version of Object.keys(etcdPrograms))
    assert.ok(catalogueReferences().includes(`quay.io/coreos/etcd:v${version}`));
});

test('a program on the PATH is used only when it is exactly the right version', async () => {
  const folder = join(cacheDir, 'bin');
  mkdirSync(folder);
  const file = join(folder, 'etcd');
  const fake = (version: string): void => {
    writeFileSync(file, `#!/bin/sh\necho 'etcd Version: ${version}'\n`);
    chmodSync(file, 0o755);
  };
  const program = etcdPrograms['3.5.16']!;
  fake('3.5.160');
  assert.equal(await programOnPath(program, folder), undefined);
  fake('3.5.16');
  assert.equal(await programOnPath(program, `/nowhere:${folder}`), file);
});
