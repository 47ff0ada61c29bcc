import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatchBetween, sameJSON } from '../equality.ts';
import { project } from './projection.ts';

const cases: readonly { name: string; actual: unknown; shape: unknown; gives: unknown }[] = [
  { name: 'fields that the shape does not name fall away', actual: { a: 1, b: 2 }, shape: { a: 0 }, gives: { a: 1 } },
  { name: 'a missing field is told', actual: {}, shape: { a: 0 }, gives: { a: undefined } },
  {
    name: 'elements with a name are found by it, others beside them fall away',
    actual: [{ name: 'injected' }, { name: 'a', image: 'x', policy: 'Always' }],
    shape: [{ name: 'a', image: 'y' }],
    gives: [{ name: 'a', image: 'x' }],
  },
  { name: 'a missing element is told', actual: [], shape: [{ name: 'a' }], gives: [undefined] },
  { name: 'plain lists are compared whole', actual: ['a', 'b'], shape: ['a'], gives: ['a', 'b'] },
  { name: 'plain lists of objects go by place', actual: [{ x: 1, y: 2 }], shape: [{ x: 0 }], gives: [{ x: 1 }] },
  {
    name: 'ports are told apart by number where they have no name',
    actual: [{ containerPort: 1, protocol: 'TCP' }, { containerPort: 2 }],
    shape: [{ containerPort: 2 }],
    gives: [{ containerPort: 2 }],
  },
  { name: 'another type is told as it is', actual: 'text', shape: { a: 1 }, gives: 'text' },
];

for (const { name, actual, shape, gives } of cases) {
  test(`in a projection ${name}`, () => {
    assert.deepEqual(project(actual, shape), gives);
  });
}

test('equality of JSON ignores undefined fields and the order of fields, not of elements', () => {
  assert.ok(sameJSON({ a: 1, b: undefined, c: [{ d: null }] }, { c: [{ d: null }], a: 1 }));
  assert.ok(!sameJSON([1, 2], [2, 1]));
  assert.ok(!sameJSON({ a: 1 }, { a: '1' }));
  assert.ok(!sameJSON({ a: null }, {}));
  assert.ok(!sameJSON([], {}));
});

test('a merge patch turns one object into the other', () => {
  const from = { keep: 1, change: 1, remove: 1, list: [1], deep: { a: 1, b: 2 }, kind: { a: 1 } };
  const to = { keep: 1, change: 2, list: [1, 2], deep: { a: 1, b: 3 }, kind: [1], add: { x: 1 } };
  assert.deepEqual(mergePatchBetween(from, to), {
    change: 2,
    remove: null,
    list: [1, 2],
    deep: { b: 3 },
    kind: [1],
    add: { x: 1 },
  });
  assert.deepEqual(mergePatchBetween(from, from), {});
});
