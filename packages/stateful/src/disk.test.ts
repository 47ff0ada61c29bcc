import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersistentVolumeClaim } from '@reeve/api/core/v1';
import { diskState, type DiskEvidence } from './disk.ts';

const claim = (uid: string, more: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim => ({
  ...more,
  metadata: { name: 'db-1', uid, ...more.metadata },
});
const deleting = { metadata: { uid: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' } };

const cases: readonly { title: string; state: string; evidence: Partial<DiskEvidence> }[] = [
  { title: 'a claim never made is missing', state: 'missing', evidence: {} },
  {
    title: 'a claim of the recorded UID is ready',
    state: 'ready',
    evidence: { recordedClaimUID: 'a', claim: claim('a') },
  },
  { title: 'a claim not yet recorded is ready', state: 'ready', evidence: { claim: claim('a') } },
  { title: 'a recorded claim that is gone is lost', state: 'lost', evidence: { recordedClaimUID: 'a' } },
  {
    title: 'another claim of the same name is lost',
    state: 'lost',
    evidence: { recordedClaimUID: 'a', claim: claim('b') },
  },
  {
    title: 'a claim whose volume is gone is lost',
    state: 'lost',
    evidence: { recordedClaimUID: 'a', claim: claim('a', { status: { phase: 'Lost' } }) },
  },
  {
    title: 'a claim being deleted under a running pod still serves',
    state: 'ready',
    evidence: { recordedClaimUID: 'a', claim: claim('a', deleting), podUID: 'p' },
  },
  {
    title: 'a claim being deleted without a pod is lost',
    state: 'lost',
    evidence: { recordedClaimUID: 'a', claim: claim('a', deleting) },
  },
  { title: 'memory before the first pod is ready', state: 'ready', evidence: { memory: true } },
  {
    title: 'memory of the recorded pod is ready',
    state: 'ready',
    evidence: { memory: true, recordedPodUID: 'p', podUID: 'p' },
  },
  { title: 'memory without its pod is lost', state: 'lost', evidence: { memory: true, recordedPodUID: 'p' } },
  {
    title: 'memory of another pod is lost',
    state: 'lost',
    evidence: { memory: true, recordedPodUID: 'p', podUID: 'q' },
  },
];
for (const { title, state, evidence } of cases) {
  test(title, () => assert.equal(diskState({ memory: false, ...evidence }).state, state));
}
