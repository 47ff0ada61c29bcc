import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import fc from 'fast-check';
import { ObjectStore } from './object-store.ts';
import { TextSlab } from './text-slab.ts';

function configMap(name: number, version: number, text: string): Stored<ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace: `ns${name % 3}`,
      name: `n${name}`,
      uid: `uid-${name}`,
      resourceVersion: String(version),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { even: String(name % 2 === 0) },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Owner', name: 'o', uid: `owner-${name % 4}` }],
    },
    data: { text },
  };
}

const byText = { text: (object: Stored<ConfigMap>) => [object.data?.['text'] ?? ''] };

function storeOf(parsed: number): ObjectStore<ConfigMap> {
  const store = new ObjectStore<ConfigMap>(parsed);
  store.addIndex('text', byText.text);
  return store;
}

const name = fc.nat(30);
const text = fc.oneof(
  fc.constantFrom('a', 'b', ''),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  // Larger than a block.
  fc.constant('long '.repeat(40_000)),
  fc.constant('ü'.repeat(3000)),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('put' as const), name, text, cold: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('get' as const), name }) },
);

/** Everything that can be read, without the order. */
function contents(store: ObjectStore<ConfigMap>): unknown {
  const sorted = (objects: readonly Stored<ConfigMap>[]) =>
    objects.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  return {
    keys: [...store.keys()].toSorted(),
    all: sorted(store.list()),
    namespace: sorted(store.list({ namespace: 'ns1' })),
    labelled: sorted(store.list({ labels: { even: 'true' } })),
    owned: sorted(store.ownedBy('owner-2')),
    indexed: [sorted(store.by('text', 'a')), sorted(store.by('text', ''))],
  };
}

test('a store that keeps most objects compressed reads like one that keeps all parsed', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.array(step, { maxLength: 80 }), (parsed, steps) => {
      const [lean, plain] = [storeOf(parsed), storeOf(Infinity)];
      steps.forEach((each, version) => {
        const key = `ns${each.name % 3}/n${each.name}`;
        if (each.op === 'put') {
          const object = configMap(each.name, version, each.text);
          assert.deepEqual(lean.put(object, { cold: each.cold }), plain.put(object));
        } else if (each.op === 'delete') assert.deepEqual(lean.delete(key), plain.delete(key));
        else assert.deepEqual(lean.get(key), plain.get(key));
        assert.equal(lean.stamp(key)?.resourceVersion, plain.get(key)?.metadata.resourceVersion);
      });
      assert.deepEqual(contents(lean), contents(plain));
      assert.equal(lean.size, plain.size);
    }),
    { numRuns: 60 },
  );
});

test('an object that someone holds stays the same, whichever way and however often it is read', () => {
  const store = storeOf(2);
  for (let serial = 0; serial < 50; serial += 1) store.put(configMap(serial, serial, 'a'), { cold: true });
  const held = store.list();
  for (const object of held.toReversed()) {
    assert.equal(store.get(`${object.metadata.namespace}/${object.metadata.name}`), object);
  }
  assert.ok(store.by('text', 'a').every((object) => held.includes(object)));
});

test('what was removed gives its memory back, and what stays can be read', () => {
  const slab = new TextSlab();
  const textOf = (serial: number): string => `${serial} `.repeat(500);
  const places = Array.from({ length: 2000 }, (_, serial) => slab.add(textOf(serial)));
  const full = slab.bytes;
  places.forEach((place, serial) => {
    if (serial % 10 !== 0) slab.remove(place);
  });
  assert.ok(slab.bytes < full / 4, `${slab.bytes} of ${full} bytes are left`);
  for (let serial = 0; serial < 2000; serial += 10) {
    const place = places[serial];
    assert.equal(place === undefined ? '' : slab.read(place), textOf(serial));
  }
});
