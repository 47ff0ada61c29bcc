import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@reeve/api';
import fc from 'fast-check';
import { parseLean, withoutManagedFields } from './managed-fields.ts';
import { splitList } from './list-items.ts';

const tricky = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('managedFields', 'metadata', '"managedFields":[', '}{][\\"'),
);
const value = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tricky,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(tricky, tie('json'), { maxKeys: 3 }),
  ),
})).json;

const object = fc
  .record({ before: value, managedFields: fc.option(fc.array(value), { nil: undefined }), after: value, spec: value })
  .chain(({ before, managedFields, after, spec }) => {
    const fields = managedFields === undefined ? [] : [['managedFields', managedFields] as const];
    const metadata = fc
      .shuffledSubarray([['annotations', before] as const, ...fields, ['labels', after] as const], { minLength: 0 })
      .map((entries) => Object.fromEntries(entries));
    return metadata.chain((meta) =>
      fc
        .shuffledSubarray([['metadata', meta] as const, ['spec', spec] as const, ['managedFields', after] as const], {
          minLength: 3,
        })
        .map((entries) => Object.fromEntries<unknown>(entries)),
    );
  });

function expected(sample: unknown): unknown {
  return withoutManagedFields(JSON.parse(JSON.stringify(sample)) as KubeObject);
}

test('cutting managedFields from the bytes gives what parsing and dropping them gives', () => {
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 2), (sample, indent) => {
      const bytes = Buffer.from(JSON.stringify(sample, undefined, indent));
      assert.deepEqual(parseLean(bytes, 0), expected(sample));
    }),
  );
});

test('a list is split into the items that parsing it gives', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), value, fc.constantFrom(undefined, 1), (items, extra, indent) => {
      const list = { kind: 'List', extra, items, metadata: { resourceVersion: '7', continue: 'abc' } };
      const raw = splitList(Buffer.from(JSON.stringify(list, undefined, indent)));
      assert.deepEqual(raw.metadata, list.metadata);
      assert.deepEqual(
        raw.items.map((item) => JSON.parse(item.toString()) as unknown),
        JSON.parse(JSON.stringify(items)),
      );
    }),
  );
});

test('a list whose items are null or absent is empty', () => {
  for (const text of ['{"metadata":{"resourceVersion":"1"},"items":null}', '{"metadata":{"resourceVersion":"1"}}']) {
    assert.deepEqual(splitList(Buffer.from(text)), { metadata: { resourceVersion: '1' }, items: [] });
  }
});
