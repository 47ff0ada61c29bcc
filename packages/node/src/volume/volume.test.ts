import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import type { Volume } from '@reeve/api/core/v1';

import type { ObjectSource } from '../cache/object-source.ts';
import { claimPath, hostDirectory } from './claim-path.ts';
import { PayloadWriter } from './payload-writer.ts';
import type { Payload } from './payload.ts';
import { subPathIn } from './sub-path.ts';
import { buildPayload } from './volume-payload.ts';

const directory = mkdtempSync(join(tmpdir(), 'reeve-volume-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const objects: ObjectSource = {
  configMap: async (_namespace, name) => (name === 'conf' ? { data: { a: 'A', b: 'B' } } : undefined),
  secret: async (_namespace, name) =>
    name === 'creds' ? { data: { k: Buffer.from('s').toString('base64') } } : undefined,
  claim: async (_namespace, name) =>
    name === 'bound'
      ? { spec: { volumeName: 'pv' }, status: { phase: 'Bound' } }
      : name === 'pending'
        ? { spec: {}, status: { phase: 'Pending' } }
        : undefined,
  volume: async () => ({ spec: { hostPath: { path: join(directory, 'pv'), type: 'DirectoryOrCreate' } } }),
};

async function files(volume: Omit<Volume, 'name'>): Promise<Record<string, string> | undefined> {
  const built = await buildPayload(
    { name: 'v', ...volume },
    {
      pod: { metadata: { name: 'p', namespace: 'n', labels: { app: 'web' } } },
      podIP: '1.2.3.4',
      hostIP: '1.2.3.1',
      objects,
      capacity: { cpu: '1', memory: '1Gi' },
      token: async (audience) => ({ token: `token for ${String(audience)}`, renewAt: 99 }),
    },
  );
  if (built === undefined) return undefined;
  return Object.fromEntries(
    [...built.files].map(([path, { content, mode }]) => [path, `${content.toString()} ${mode.toString(8)}`]),
  );
}

const payloads: readonly {
  name: string;
  volume: Omit<Volume, 'name'>;
  expected: Record<string, string> | undefined;
}[] = [
  {
    name: 'a config map has a file for each key',
    volume: { configMap: { name: 'conf' } },
    expected: { a: 'A 644', b: 'B 644' },
  },
  {
    name: 'items choose keys, paths and modes',
    volume: {
      configMap: {
        name: 'conf',
        defaultMode: 0o600,
        items: [
          { key: 'b', path: 'x/y' },
          { key: 'a', path: 'z', mode: 0o400 },
        ],
      },
    },
    expected: { 'x/y': 'B 600', z: 'A 400' },
  },
  {
    name: 'a secret is decoded',
    volume: { secret: { secretName: 'creds', defaultMode: 0o440 } },
    expected: { k: 's 440' },
  },
  {
    name: 'an optional config map may be missing',
    volume: { configMap: { name: 'none', optional: true } },
    expected: {},
  },
  {
    name: 'the downward API gives fields',
    volume: { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    expected: { labels: 'app="web" 644' },
  },
  {
    name: 'a projected volume joins its sources',
    volume: {
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', audience: 'me' } },
          { configMap: { name: 'conf', items: [{ key: 'a', path: 'ca.crt' }] } },
        ],
      },
    },
    expected: { token: 'token for me 600', 'ca.crt': 'A 644' },
  },
  { name: 'an emptyDir has no files of its own', volume: { emptyDir: {} }, expected: undefined },
];

for (const { name, volume, expected } of payloads) {
  test(name, async () => assert.deepEqual(await files(volume), expected));
}

test('what is missing is named', async () => {
  await assert.rejects(files({ secret: { secretName: 'none' } }), { message: 'secret "none" not found' });
  const items = [{ key: 'zzz', path: 'z' }];
  await assert.rejects(files({ configMap: { name: 'conf', items } }), {
    message: 'references non-existent config key: zzz (in conf)',
  });
});

const payload = (content: Record<string, string>): Payload =>
  new Map(Object.entries(content).map(([path, text]) => [path, { content: Buffer.from(text), mode: 0o640 }]));

test('files change all at once, and vanished ones go', () => {
  const place = join(directory, 'payload');
  const writer = new PayloadWriter(place);
  writer.write(payload({ a: '1', 'deep/b': '2' }));
  const before = readlinkSync(join(place, '..data'));
  assert.equal(readFileSync(join(place, 'deep/b'), 'utf8'), '2');
  assert.equal(statSync(join(place, 'a')).mode & 0o777, 0o640);
  writer.write(payload({ a: '1', 'deep/b': '2' }));
  assert.equal(readlinkSync(join(place, '..data')), before, 'the same files are not written again');
  writer.write(payload({ a: '3' }));
  assert.equal(readFileSync(join(place, 'a'), 'utf8'), '3');
  assert.deepEqual(
    readdirSync(place).filter((name) => !name.startsWith('..')),
    ['a'],
  );
});

test('a claim leads to its directory', async () => {
  assert.equal(await claimPath('n', 'bound', objects, directory), join(directory, 'pv'));
  assert.ok(statSync(join(directory, 'pv')).isDirectory());
});

for (const [claim, message] of [
  ['pending', 'persistentvolumeclaim "pending" is not bound yet'],
  ['none', 'persistentvolumeclaim "none" not found'],
] as const) {
  test(`the claim ${claim} is told`, () => assert.rejects(claimPath('n', claim, objects, directory), { message }));
}

test('a host path outside the cluster is refused', () => {
  assert.throws(() => hostDirectory({ path: '/etc' }, directory), /outside the cluster's directory/);
  assert.throws(() => hostDirectory({ path: `${directory}/../x` }, directory), /outside the cluster's directory/);
});

test('a subPath is made, and may not lead out of its volume', () => {
  const volume = join(directory, 'sub');
  mkdirSync(volume);
  assert.ok(statSync(subPathIn(volume, 'a/b')).isDirectory());
  symlinkSync('/etc', join(volume, 'out'));
  assert.throws(() => subPathIn(volume, 'out'), /leads out of its volume/);
  assert.throws(() => subPathIn(volume, '../x'), /without "\.\."/);
});
