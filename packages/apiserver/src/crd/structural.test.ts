import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { parseSchema } from './schema.ts';
import { validateStructural } from './structural.ts';

const problems: Readonly<Record<string, { readonly schema: ObjectValue; readonly errors: readonly string[] }>> = {
  'a schema with types everywhere is structural': {
    schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } },
    errors: [],
  },
  'every value has a type': {
    schema: { type: 'object', properties: { a: {}, b: { type: 'array', items: {} } } },
    errors: [
      'at.properties[a].type: Required value: must not be empty for specified object fields',
      'at.properties[b].items.type: Required value: must not be empty for specified array items',
    ],
  },
  'what may be anything needs no type': {
    schema: {
      type: 'object',
      properties: {
        a: { 'x-kubernetes-preserve-unknown-fields': true },
        b: { 'x-kubernetes-int-or-string': true },
      },
    },
    errors: [],
  },
  'an object itself is no map': {
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    errors: ['at.additionalProperties: Forbidden: must not be used at the root'],
  },
  'alternatives only restrict what is declared outside of them': {
    schema: {
      type: 'object',
      properties: { a: { type: 'string' } },
      anyOf: [{ properties: { b: { type: 'string' } } }],
    },
    errors: [
      'at.anyOf[0].properties[b].type: Forbidden: must be empty to be structural',
      'at.properties[b]: Required value: because it is defined in at.anyOf[0].properties[b]',
    ],
  },
  'names of objects may be restricted, other metadata not': {
    schema: {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
    },
    errors: [
      'at.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  },
};

for (const [title, { schema, errors }] of Object.entries(problems))
  test(title, () => {
    const found = validateStructural('at', parseSchema(schema)).map(({ field, message }) => `${field}: ${message}`);
    assert.deepEqual(found.sort(), [...errors].sort());
  });
