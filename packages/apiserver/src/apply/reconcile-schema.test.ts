import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypeSchema } from '../type-schema.ts';
import { reconcileFields } from './reconcile-schema.ts';

const text: TypeSchema = { type: 'scalar', scalar: 'string' };
const mapOf = (map: 'atomic' | 'granular'): TypeSchema => ({ type: 'map', map, fields: new Map(), rest: () => text });

const schema: TypeSchema = {
  type: 'map',
  map: 'granular',
  fields: new Map<string, () => TypeSchema>([
    ['whole', () => mapOf('atomic')],
    ['parts', () => mapOf('granular')],
    ['list', () => ({ type: 'list', list: 'atomic', item: text })],
    ['any', () => ({ type: 'untyped' })],
  ]),
};

test('what became one value is owned as a whole, all else stays as it was', () => {
  const parts = { 'f:parts': { 'f:a': {} }, 'f:any': { 'f:x': {} }, 'f:gone': { 'f:y': {} } };
  assert.equal(reconcileFields(schema, parts), parts);
  const fields = { ...parts, 'f:whole': { '.': {}, 'f:a': {} }, 'f:list': { 'v:"x"': {} } };
  assert.deepEqual(reconcileFields(schema, fields), { ...parts, 'f:whole': {}, 'f:list': {} });
});
