import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import { isInvalid } from '@reeve/kube';
import { testServer } from '@reeve/testing';
import { z } from 'zod';
import { defineResource } from './define-resource.ts';
import {
  conditions,
  embedded,
  embeddedList,
  immutable,
  intOrString,
  listMap,
  listSet,
  quantity,
  rules,
} from './schemas.ts';

/** One of everything that a definition can hold. */
const Everything = defineResource({
  group: 'example.com',
  version: 'v1alpha1',
  kind: 'Everything',
  plural: 'everythings',
  shortNames: ['ev'],
  categories: ['all'],
  description: 'All that a definition can hold.',
  spec: rules(
    z.object({
      size: z.int().min(1).max(9).default(3),
      version: z.string().regex(/^v\d+\.\d+\.\d+$/),
      className: immutable(z.string(), 'the class cannot be changed').optional(),
      mode: z.enum(['Auto', 'Off']).default('Auto'),
      storage: z.object({ size: quantity() }).optional(),
      target: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('s3'), bucket: z.string() }),
          z.object({ type: z.literal('directory'), path: z.string() }),
        ])
        .optional(),
      maxUnavailable: intOrString().optional(),
      labels: z.record(z.string(), z.string()).optional(),
      affinity: embedded<object>('As in a pod.').optional(),
      tolerations: embeddedList<object>().optional(),
      users: listMap(z.object({ name: z.string(), admin: z.boolean().default(false) }), ['name']).optional(),
      zones: listSet(z.string()).optional(),
      since: z.iso.datetime().optional(),
      extra: z.unknown().optional(),
    }),
    [{ rule: 'self.size % 2 == 1 || self.mode == "Off"', message: 'an even size needs mode Off', fieldPath: '.size' }],
  ),
  status: z.object({ ready: z.int().optional(), selector: z.string().optional(), conditions: conditions().optional() }),
  scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.ready', labelSelectorPath: '.status.selector' },
  columns: [
    { name: 'Size', jsonPath: '.spec.size', type: 'integer' },
    { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
  ],
  selectableFields: ['.spec.mode'],
});

test('an API server takes what a definition gives, and enforces it', async () => {
  await using server = await testServer();
  await server.define(Everything);
  await server.clock.advance(1000);
  const crd = await server.client.of(CustomResourceDefinition).get('everythings.example.com');
  const state = (crd.status?.conditions ?? []).map(({ type, status, message }) => `${type}=${status} ${message ?? ''}`);
  assert.ok(
    state.some((condition) => condition.startsWith('Established=True')),
    state.join('; '),
  );
  assert.ok(!state.some((condition) => condition.startsWith('NonStructuralSchema')), state.join('; '));
  const api = server.client.of(Everything).in('default');
  const spec = { version: 'v1.2.3', size: 3, mode: 'Auto', target: { type: 's3', bucket: 'b' } } as const;
  const made = await api.create({ metadata: { name: 'a' }, spec });
  assert.deepEqual(made.spec, spec);
  assert.deepEqual((await api.scale.get('a')).spec, { replicas: 3 });
  const refused = (change: object) => assert.rejects(api.patch('a', { merge: { spec: change } }), isInvalid);
  await refused({ size: 0 });
  await refused({ size: 10 });
  await refused({ version: 'latest' });
  await refused({ size: 4 });
  await refused({ target: { type: 's3', bucket: null } });
  await refused({ users: [{ name: 'x' }, { name: 'x' }] });
  await api.patch('a', { merge: { spec: { size: 4, mode: 'Off', className: 'one', maxUnavailable: '25%' } } });
  await assert.rejects(api.patch('a', { merge: { spec: { className: 'two' } } }), /the class cannot be changed/);
  await api.scale.patch('a', { merge: { spec: { replicas: 5 } } });
  assert.equal((await api.get('a')).spec.size, 5);
});

test('a CRD that kubectl apply could not keep is refused', () => {
  const fields = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [`field${index}`, z.string().describe('A field like many others.')]),
  );
  const large = () =>
    defineResource({
      group: 'example.com',
      version: 'v1',
      kind: 'Large',
      spec: z.object(fields),
      status: z.object({}),
    });
  assert.throws(large, /more than the 200000/);
});
