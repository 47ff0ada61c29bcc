import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteRulesOf } from '../registry/delete-rules.ts';
import type { ObjectValue } from '../value.ts';
import { decideDeletion } from './deletion.ts';
import type { DeleteOptions } from './operations.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const pod = (metadata: ObjectValue = {}, spec: ObjectValue = { nodeName: 'n' }): ObjectValue => ({
  metadata: { name: 'a', generation: 1, ...metadata },
  spec: { terminationGracePeriodSeconds: 30, ...spec },
});
const terminating = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 };

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly object: ObjectValue;
  readonly options?: DeleteOptions;
  readonly removes: boolean;
  /** Metadata after the first step; undefined: nothing is written before. */
  readonly metadata?: ObjectValue;
}

const cases: readonly Case[] = [
  { name: 'a plain object is removed at once', kind: 'configmaps', object: { metadata: { name: 'a' } }, removes: true },
  {
    name: 'a finalizer holds an object, whose generation rises',
    kind: 'deployments.apps',
    object: { metadata: { generation: 1, finalizers: ['a/b'] } },
    removes: false,
    metadata: {
      generation: 2,
      finalizers: ['a/b'],
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    },
  },
  {
    name: 'foreground deletion adds its finalizer and takes orphan away',
    kind: 'deployments.apps',
    object: { metadata: { finalizers: ['orphan', 'a/b'] } },
    options: { propagationPolicy: 'Foreground' },
    removes: false,
    metadata: {
      finalizers: ['a/b', 'foregroundDeletion'],
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    },
  },
  {
    name: 'background deletion removes an object that only orphan held',
    kind: 'deployments.apps',
    object: { metadata: { finalizers: ['orphan'] } },
    options: { propagationPolicy: 'Background' },
    removes: true,
  },
  {
    name: 'jobs leave their pods behind when nothing is said',
    kind: 'jobs.batch',
    object: { metadata: {} },
    removes: false,
    metadata: { finalizers: ['orphan'], deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
  },
  {
    name: 'a pod on a node gets its grace period',
    kind: 'pods',
    object: pod(),
    removes: false,
    metadata: { name: 'a', generation: 2, ...terminating },
  },
  {
    name: 'a pod without a node is marked and removed',
    kind: 'pods',
    object: pod({}, {}),
    removes: true,
    metadata: {
      name: 'a',
      generation: 2,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    },
  },
  {
    name: 'a second delete may shorten the grace period',
    kind: 'pods',
    object: pod(terminating),
    options: { gracePeriodSeconds: 5 },
    removes: false,
    metadata: {
      name: 'a',
      generation: 1,
      deletionTimestamp: '2026-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    },
  },
  {
    name: 'a second delete does not lengthen the grace period',
    kind: 'pods',
    object: pod(terminating),
    options: { gracePeriodSeconds: 60 },
    removes: false,
  },
  {
    name: 'a namespace turns terminating first',
    kind: 'namespaces',
    object: { metadata: {}, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    removes: false,
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  },
  {
    name: 'a terminating namespace stays until it is finalized',
    kind: 'namespaces',
    object: { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, spec: { finalizers: ['kubernetes'] } },
    removes: false,
  },
];

for (const { name, kind, object, options, removes, metadata } of cases) {
  test(name, () => {
    const [plural = '', group = ''] = kind.split('.');
    const decision = decideDeletion({ deletion: deleteRulesOf(group, plural) }, object, options ?? {}, now);
    assert.equal(decision.removes, removes);
    if (removes && metadata === undefined) return;
    assert.deepEqual(decision.marked?.['metadata'], metadata);
  });
}
