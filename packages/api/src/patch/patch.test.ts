import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch, createMergePatch } from './merge-patch.ts';
import type { MergeField, MergeSchema } from './merge-schema.ts';
import type { PatchObject, PatchValue } from './patch-value.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

const document = { data: { a: '1' }, list: ['x', 'y'], n: null };

const jsonCases: readonly (readonly [string, PatchValue, PatchValue | RegExp])[] = [
  [
    'replace of a missing key adds it',
    [{ op: 'replace', path: '/data/b', value: '2' }],
    { ...document, data: { a: '1', b: '2' } },
  ],
  ['add at -1 appends', [{ op: 'add', path: '/list/-1', value: 'z' }], { ...document, list: ['x', 'y', 'z'] }],
  ['remove at -1 takes the last', [{ op: 'remove', path: '/list/-1' }], { ...document, list: ['x'] }],
  ['00 is an index', [{ op: 'replace', path: '/list/00', value: 'z' }], { ...document, list: ['z', 'y'] }],
  ['the first segment is lost without a slash', [{ op: 'add', path: 'data/x', value: 1 }], { ...document, x: 1 }],
  ['copy of a missing key copies null', [{ op: 'copy', from: '/q', path: '/r' }], { ...document, r: null }],
  ['test of a missing key holds for null', [{ op: 'test', path: '/q', value: null }], document],
  ['the whole can be replaced', [{ op: 'replace', path: '', value: { a: 1 } }], { a: 1 }],
  ['null is an empty patch', null, document],
  ['a failed test ends it', [{ op: 'test', path: '/data/a', value: 1 }], /failed/],
  ['remove needs the key', [{ op: 'remove', path: '/q' }], /nonexistent key/],
  ['- is no item', [{ op: 'remove', path: '/list/-' }], /invalid index/],
  ['move into itself', [{ op: 'move', from: '/data', path: '/data/x' }], /missing path/],
  ['no list', {}, /cannot unmarshal object into Go value of type \[\]handlers.jsonPatchOp/],
];

test('JSON patches apply with the leniences of the API server', () => {
  for (const [name, patch, expected] of jsonCases) {
    if (expected instanceof RegExp) assert.throws(() => applyJsonPatch(document, patch), expected, name);
    else assert.deepEqual(applyJsonPatch(document, patch), expected, name);
  }
  assert.deepEqual(document, { data: { a: '1' }, list: ['x', 'y'], n: null });
});

test('merge patches remove by null and leave nulls out of what is new', () => {
  const merged = applyMergePatch({ a: { x: 1, y: 2 }, b: [1] }, { a: { x: null, z: { q: null, r: 1 } }, b: null });
  assert.deepEqual(merged, { a: { y: 2, z: { r: 1 } } });
  assert.throws(() => applyMergePatch({}, []), { message: 'Invalid JSON Patch' });
});

test('a merge patch made from two objects turns one into the other', () => {
  const from = { a: { x: 1, y: 2 }, b: [1, 2], c: 'same' };
  const to = { a: { x: 1, z: 3 }, b: [2], c: 'same' };
  const patch = createMergePatch(from, to);
  assert.deepEqual(patch, { a: { y: null, z: 3 }, b: [2] });
  assert.deepEqual(applyMergePatch(from, patch ?? {}), to);
  assert.equal(createMergePatch(to, to), undefined);
});

const field = (strategies: string[], mergeKey?: string, schema?: MergeSchema): MergeField => ({
  strategies,
  mergeKey,
  schema,
});
const schemaOf = (fields: Record<string, MergeField>): MergeSchema => ({ field: (name) => fields[name] });
const item = schemaOf({ args: field([]), m: field([]) });
const schema = schemaOf({
  items: field(['merge'], 'name', item),
  plain: field(['merge']),
  atomic: field([]),
  volume: field(['retainKeys'], undefined, schemaOf({})),
  data: field([], undefined, undefined),
});

const names = (...list: string[]): PatchObject[] => list.map((name) => ({ name }));

const strategicCases: readonly (readonly [string, PatchObject, PatchObject, PatchObject | RegExp])[] = [
  ['new items come first', { items: names('a', 'b') }, { items: names('c') }, { items: names('c', 'a', 'b') }],
  [
    'unless the order is given',
    { items: names('a', 'b') },
    { items: names('c'), '$setElementOrder/items': names('a', 'b', 'c') },
    { items: names('a', 'b', 'c') },
  ],
  [
    'items merge by key',
    { items: [{ name: 'a', x: 1 }] },
    { items: [{ name: 'a', y: 2 }] },
    { items: [{ name: 'a', x: 1, y: 2 }] },
  ],
  [
    'items are deleted by directive',
    { items: names('a', 'b') },
    { items: [{ name: 'a', $patch: 'delete' }] },
    { items: names('b') },
  ],
  [
    'a list is replaced by directive',
    { items: names('a') },
    { items: [{ $patch: 'replace' }, { name: 'z' }] },
    { items: names('z') },
  ],
  ['plain lists merge', { plain: ['a', 'b'] }, { plain: ['c'] }, { plain: ['c', 'a', 'b'] }],
  ['plain items are deleted', { plain: ['a', 'b'] }, { '$deleteFromPrimitiveList/plain': ['a'] }, { plain: ['b'] }],
  ['other lists are replaced', { atomic: [1, 2] }, { atomic: [3] }, { atomic: [3] }],
  [
    'maps are replaced by directive',
    { data: { a: '1' } },
    { data: { $patch: 'replace', b: '2' } },
    { data: { b: '2' } },
  ],
  ['keys not retained go', { volume: { a: 1, b: 2 } }, { volume: { b: 3, $retainKeys: ['b'] } }, { volume: { b: 3 } }],
  ['null removes', { data: { a: '1' } }, { data: null }, {}],
  ['no key', { items: names('a') }, { items: [{ x: 1 }] }, /map: map\[x:1\] does not contain declared merge key: name/],
  [
    'unknown directive',
    { data: {} },
    { data: { $patch: 'merge', d: 3 } },
    /unknown patch type: merge in map: map\[\$patch:merge d:3\]/,
  ],
  ['mixed kinds', { plain: ['a'] }, { plain: [1] }, /list element types are not identical: \[\[a\] \[1\]\]/],
  ['bad retainKeys', { volume: {} }, { volume: { b: 3, $retainKeys: ['a'] } }, /invalid patch format of retainKeys/],
];

test('strategic merge patches follow the schema and their directives', () => {
  for (const [name, original, patch, expected] of strategicCases) {
    if (expected instanceof RegExp)
      assert.throws(() => applyStrategicMergePatch(original, patch, schema), expected, name);
    else assert.deepEqual(applyStrategicMergePatch(original, patch, schema), expected, name);
  }
});
