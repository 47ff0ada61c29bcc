import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypeSchema } from '../type-schema.ts';
import { compareObjects } from './compare.ts';
import { fieldsOf, withNamedFields } from './fields-of.ts';
import { mergeObjects } from './merge-values.ts';
import { removeFields } from './remove-fields.ts';
import type { ObjectValue } from '../value.ts';

const text: TypeSchema = { type: 'scalar', scalar: 'string' };
const item: TypeSchema = {
  type: 'map',
  map: 'granular',
  fields: new Map([
    ['k', () => text],
    ['v', () => text],
  ]),
};
const fields = new Map<string, () => TypeSchema>([
  ['keyed', () => ({ type: 'list', list: 'map', keys: ['k'], keyDefaults: { k: 'default' }, item })],
  ['set', () => ({ type: 'list', list: 'set', item: text })],
  ['atomic', () => ({ type: 'list', list: 'atomic', item: text })],
  ['labels', () => ({ type: 'map', map: 'granular', fields: new Map(), rest: () => text })],
  ['selector', () => ({ type: 'map', map: 'atomic', fields: new Map(), rest: () => text })],
  ['nested', () => schema],
  ['any', () => ({ type: 'untyped' })],
]);
const schema: TypeSchema = { type: 'map', map: 'granular', fields };

const keyed = (...keys: string[]): ObjectValue[] => keys.map((k) => ({ k }));

const orders: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
  ['new items behind a shared one', ['a', 'b'], ['b', 'c'], ['a', 'b', 'c']],
  ['new items before a shared one', ['a', 'b'], ['c', 'a'], ['c', 'a', 'b']],
  ['between two', ['a', 'b'], ['a', 'x', 'b'], ['a', 'x', 'b']],
  ['shared ones in another order', ['a', 'b', 'c'], ['c', 'a'], ['b', 'c', 'a']],
  ['nothing shared', ['a', 'b'], ['x', 'y'], ['a', 'b', 'x', 'y']],
  ['nothing live', [], ['x'], ['x']],
];

test('applied items come in their own order, others keep their place beside shared ones', () => {
  for (const [name, live, applied, expected] of orders) {
    const merged = mergeObjects(schema, { keyed: keyed(...live) }, { keyed: keyed(...applied) });
    assert.deepEqual(merged, { keyed: keyed(...expected) }, name);
  }
});

test('sets merge, atomic lists and maps are taken whole', () => {
  const live = { set: ['a'], atomic: ['a'], labels: { a: '1' }, selector: { a: '1' } };
  const applied = { set: ['b'], atomic: ['b'], labels: { b: '1' }, selector: { b: '1' } };
  assert.deepEqual(mergeObjects(schema, live, applied), {
    set: ['a', 'b'],
    atomic: ['b'],
    labels: { a: '1', b: '1' },
    selector: { b: '1' },
  });
});

test('the fields of an object end where its schema takes one value', () => {
  const object = { keyed: [{ k: 'a', v: '1' }, {}], set: ['x'], atomic: ['y'], labels: { l: '1' }, any: { q: [1] } };
  assert.deepEqual(fieldsOf(schema, object), {
    'f:keyed': { 'k:{"k":"a"}': { '.': {}, 'f:k': {}, 'f:v': {} }, 'k:{"k":"default"}': {} },
    'f:set': { 'v:"x"': {} },
    'f:atomic': {},
    'f:labels': { 'f:l': {} },
    'f:any': { 'f:q': {} },
  });
});

test('two objects differ field by field', () => {
  const before = { keyed: [{ k: 'a', v: '1' }], set: ['x'], labels: { l: '1' }, selector: { s: '1' } };
  const after = { keyed: [{ k: 'a', v: '2' }], set: ['y'], selector: { s: '1' }, nested: {} };
  assert.deepEqual(compareObjects(schema, before, after), {
    added: { 'f:set': { 'v:"y"': {} }, 'f:nested': {} },
    modified: { 'f:keyed': { 'k:{"k":"a"}': { 'f:v': {} } } },
    removed: { 'f:set': { 'v:"x"': {} }, 'f:labels': { '.': {}, 'f:l': {} } },
  });
});

test('duplicates of a key are one field', () => {
  const twice = {
    keyed: [
      { k: 'a', v: '1' },
      { k: 'a', v: '2' },
    ],
  };
  assert.deepEqual(compareObjects(schema, { keyed: [] }, twice).added, { 'f:keyed': { 'k:{"k":"a"}': {} } });
  assert.deepEqual(compareObjects(schema, twice, twice).modified, {});
});

test('fields are taken out with what is below them', () => {
  const object = { keyed: keyed('a', 'b'), labels: { l: '1', m: '2' }, nested: { labels: { x: '1' } } };
  const removed = { 'f:keyed': { 'k:{"k":"a"}': {} }, 'f:labels': { 'f:l': {} }, 'f:nested': {} };
  assert.deepEqual(removeFields(schema, object, removed), { keyed: keyed('b'), labels: { m: '2' } });
});

test('named fields that hold owned ones become owned, keys of maps do not', () => {
  assert.deepEqual(withNamedFields(schema, { 'f:nested': { 'f:labels': { 'f:x': {} } } }), {
    'f:nested': { '.': {}, 'f:labels': { '.': {}, 'f:x': {} } },
  });
  const inMap = { 'f:any': { 'f:a': { 'f:b': {} } } };
  assert.deepEqual(withNamedFields(schema, inMap), { 'f:any': { '.': {}, 'f:a': { 'f:b': {} } } });
});
