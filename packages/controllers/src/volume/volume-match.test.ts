import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec } from '@reeve/api/core/v1';
import { volumeFor } from './volume-match.ts';

const claim: PersistentVolumeClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'c', namespace: 'x', uid: 'u' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 's', resources: { requests: { storage: '2Gi' } } },
};

function volume(name: string, storage: string, more: Partial<PersistentVolumeSpec> = {}): PersistentVolume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels: { disk: name } },
    spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], storageClassName: 's', ...more },
    status: { phase: more.claimRef ? 'Bound' : 'Available' },
  };
}

const cases = [
  {
    name: 'the smallest that is large enough',
    volumes: [volume('big', '9Gi'), volume('fit', '2Gi'), volume('small', '1Gi')],
    want: 'fit',
  },
  { name: 'none of another class', volumes: [volume('a', '2Gi', { storageClassName: 't' })], want: undefined },
  {
    name: 'none without the access mode',
    volumes: [volume('a', '2Gi', { accessModes: ['ReadOnlyMany'] })],
    want: undefined,
  },
  { name: 'no raw device for a file system', volumes: [volume('a', '2Gi', { volumeMode: 'Block' })], want: undefined },
  {
    name: 'none of another claim',
    volumes: [volume('a', '2Gi', { claimRef: { namespace: 'x', name: 'd' } })],
    want: undefined,
  },
  {
    name: 'the one set aside for it, even if smaller ones fit',
    volumes: [volume('fit', '2Gi'), volume('mine', '5Gi', { claimRef: { namespace: 'x', name: 'c' } })],
    want: 'mine',
  },
  {
    name: 'not the one of an earlier claim of the same name',
    volumes: [volume('old', '2Gi', { claimRef: { namespace: 'x', name: 'c', uid: 'before' } })],
    want: undefined,
  },
];

for (const { name, volumes, want } of cases)
  test(`a claim gets ${name}`, () => assert.equal(volumeFor(claim, volumes)?.metadata?.name, want));

test('a claim with a selector gets only what it selects', () => {
  const choosy = { ...claim, spec: { ...claim.spec, selector: { matchLabels: { disk: 'b' } } } };
  assert.equal(volumeFor(choosy, [volume('a', '2Gi'), volume('b', '3Gi')])?.metadata?.name, 'b');
});
