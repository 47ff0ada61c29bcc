import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { Store } from './store.ts';

const now = 0;
const clock = { now: (): number => now, schedule: () => () => {} };
const makeStore = (): Store => new Store({ clock, compactionInterval: 60_000 });
const object = (name: string, value = ''): ObjectValue => ({ metadata: { name }, value });

function keysAt(store: Store, revision: number): string[] {
  return Array.from(store.collection('c').scanAt('', revision), ({ key }) => key);
}

test('each write gets the next version, which the object carries', () => {
  const store = makeStore();
  const first = store.put('c', 'a', object('a'), undefined);
  const second = store.put('d', 'a', object('a'), undefined);
  assert.equal(second?.revision, (first?.revision ?? 0) + 1);
  assert.equal(metadataOf(first?.object() ?? {})['resourceVersion'], String(first?.revision));
});

test('a write that expects another version than the newest is not done', () => {
  const store = makeStore();
  const first = store.put('c', 'a', object('a'), undefined);
  assert.ok(first);
  assert.equal(store.put('c', 'a', object('a'), undefined), undefined);
  assert.ok(store.put('c', 'a', object('a', '2'), first));
  assert.equal(store.put('c', 'a', object('a', '3'), first), undefined);
  assert.equal(store.delete('c', 'a', first), undefined);
  assert.equal(store.get('c', 'a')?.object()['value'], '2');
});

test('the past can be read: before a write, before a deletion, in order', () => {
  const store = makeStore();
  const empty = store.revision;
  const b = store.put('c', 'ns/b', object('b'), undefined);
  assert.ok(b);
  store.put('c', 'ns-x/a', object('a'), undefined);
  const both = store.revision;
  store.delete('c', 'ns/b', b);
  assert.deepEqual(keysAt(store, empty), []);
  assert.deepEqual(keysAt(store, b.revision), ['ns/b']);
  assert.deepEqual(keysAt(store, both), ['ns-x/a', 'ns/b']);
  assert.deepEqual(keysAt(store, store.revision), ['ns-x/a']);
});

test('compaction forgets what was old one interval ago; events go on for their time', () => {
  const store = makeStore();
  const old = store.put('c', 'a', object('a'), undefined)?.revision ?? 0;
  store.compact();
  store.put('c', 'b', object('b'), undefined);
  assert.ok(store.compacted < old);
  store.compact();
  assert.ok(store.compacted >= old - 1);
  assert.equal(store.collection('c').since(old - 1).length, 2);
});

test('a busy collection remembers a bounded number of events', () => {
  const store = makeStore();
  let current = store.put('c', 'a', object('a'), undefined);
  for (let round = 0; round < 60_000; round += 1) current = store.put('c', 'a', object('a'), current);
  const { forgotten } = store.collection('c');
  assert.ok(forgotten > 2);
  assert.ok(store.collection('c').since(0).length <= 50_000);
  assert.equal(store.collection('c').since(forgotten)[0]?.revision, forgotten + 1);
});

test('integers beyond 2^53 survive the store', () => {
  const store = makeStore();
  store.put('c', 'a', { metadata: {}, spec: { big: 9_007_199_254_740_993n, list: [1.5, null, 'x'] } }, undefined);
  assert.deepEqual(store.get('c', 'a')?.object()['spec'], { big: 9_007_199_254_740_993n, list: [1.5, null, 'x'] });
});
