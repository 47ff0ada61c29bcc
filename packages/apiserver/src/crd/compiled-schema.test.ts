import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { compileSchema, type Findings } from './compiled-schema.ts';

const texts = ({ errors, tolerated }: Findings): unknown => ({
  errors: errors.map(({ field, message }) => `${field}: ${message}`),
  tolerated: tolerated.map(({ field, message }) => `${field}: ${message}`),
});
const none = { errors: [], tolerated: [] };

/** A schema whose spec has these properties. */
const withSpec = (properties: ObjectValue, more: ObjectValue = {}): ReturnType<typeof compileSchema> =>
  compileSchema({ type: 'object', properties: { spec: { type: 'object', properties, ...more } } });

const pods = (spec: ObjectValue): ObjectValue => ({ apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, spec });

describe('pruning', () => {
  const schema = withSpec({
    known: { type: 'string' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { inner: { type: 'object' } } },
    map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
    embedded: { type: 'object', 'x-kubernetes-embedded-resource': true },
  });

  test('what is not declared is dropped and told by its path', () => {
    const object = pods({
      known: 'x',
      unknown: 1,
      free: { any: 1, inner: { dropped: 1 } },
      map: { k: { a: 'a', b: 'b' } },
      embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} },
    });
    assert.deepEqual(schema.coerce(object), {
      unknown: [
        'unknown field "spec.embedded.spec"',
        'unknown field "spec.free.inner.dropped"',
        'unknown field "spec.map.k.b"',
        'unknown field "spec.unknown"',
      ],
    });
    assert.deepEqual(object['spec'], {
      known: 'x',
      free: { any: 1, inner: {} },
      map: { k: { a: 'a' } },
      embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
    });
  });
});

describe('defaulting', () => {
  const schema = withSpec({
    size: { type: 'integer', default: 3 },
    on: { type: 'boolean', default: false, nullable: true },
    nested: { type: 'object', default: {}, properties: { name: { type: 'string', default: 'n' } } },
    absent: { type: 'object', properties: { name: { type: 'string', default: 'n' } } },
    list: { type: 'array', items: { type: 'object', properties: { port: { type: 'integer', default: 80 } } } },
    plain: { type: 'string' },
  });

  test('missing fields get their defaults, inside of what is there or defaulted itself', () => {
    const object = pods({ list: [{}, { port: 1 }] });
    schema.applyDefaults(object);
    assert.deepEqual(object['spec'], { size: 3, on: false, nested: { name: 'n' }, list: [{ port: 80 }, { port: 1 }] });
  });

  test('null stays where it may, else it means nothing', () => {
    const object = pods({ size: null, on: null, plain: null, nested: { name: 'x' } });
    schema.coerce(object);
    schema.applyDefaults(object);
    assert.deepEqual(object['spec'], { size: 3, on: null, nested: { name: 'x' } });
  });

  test('objects do not share what was defaulted', () => {
    const [a, b] = [pods({}), pods({})];
    schema.applyDefaults(a);
    schema.applyDefaults(b);
    const nested = (object: ObjectValue): unknown => (object['spec'] as ObjectValue)['nested'];
    assert.notEqual(nested(a), nested(b));
  });
});

describe('lists', () => {
  const schema = withSpec({
    set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    map: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name', 'zone'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, zone: { type: 'string' }, n: { type: 'integer' } },
      },
    },
  });

  test('items of sets and keys of maps occur once', () => {
    const object = pods({
      set: ['a', 'b', 'a', 'a'],
      map: [{ name: 'x', zone: 'z' }, { name: 'x' }, { name: 'x', zone: 'z', n: 1 }],
    });
    assert.deepEqual(texts(schema.validate(object)), {
      errors: ['spec.set[2]: Duplicate value: "a"', 'spec.map[2]: Duplicate value: {"name":"x","zone":"z"}'],
      tolerated: [],
    });
  });

  test('doubles that were there before are left alone', () => {
    const object = pods({ set: ['a', 'a'] });
    assert.deepEqual(texts(schema.validateUpdate(object, structuredClone(object), false)), none);
  });
});

describe('ratcheting', () => {
  const schema = withSpec({ name: { type: 'string', maxLength: 3 }, other: { type: 'integer' } });

  test('what was wrong and did not change is accepted', () => {
    const old = pods({ name: 'too long', other: 1 });
    assert.deepEqual(texts(schema.validateUpdate(pods({ name: 'too long', other: 2 }), old, false)), none);
  });

  test('what changed has to be right', () => {
    const old = pods({ name: 'too long' });
    assert.deepEqual(texts(schema.validateUpdate(pods({ name: 'also too long' }), old, false)), {
      errors: ['spec.name: Too long: may not be more than 3 bytes'],
      tolerated: [],
    });
  });
});

describe('rules', () => {
  const schema = withSpec(
    {
      min: { type: 'integer' },
      max: { type: 'integer' },
      fixed: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'is fixed' }] },
    },
    {
      'x-kubernetes-validations': [
        {
          rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
          messageExpression: '"%d is more than %d".format([self.min, self.max])',
          fieldPath: '.min',
          reason: 'FieldValueForbidden',
        },
      ],
    },
  );

  test('a rule that does not hold is told at its field path with the message it computes', () => {
    assert.deepEqual(texts(schema.validate(pods({ min: 2, max: 1 }))), {
      errors: ['spec.min: Forbidden: 2 is more than 1'],
      tolerated: [],
    });
  });

  test('rules about the old value only concern updates', () => {
    assert.deepEqual(texts(schema.validate(pods({ fixed: 'a' }))), none);
    assert.deepEqual(texts(schema.validateUpdate(pods({ fixed: 'b' }), pods({ fixed: 'a' }), false)), {
      errors: ['spec.fixed: Invalid value: "b": is fixed'],
      tolerated: [],
    });
  });

  test('a rule that failed before over the same value is only a warning', () => {
    const object = pods({ min: 2, max: 1 });
    assert.deepEqual(texts(schema.validateUpdate(object, structuredClone(object), false)), {
      errors: [],
      tolerated: ['spec.min: Forbidden: 2 is more than 1'],
    });
  });

  test('rules wait until the types are right', () => {
    const found = schema.validate(pods({ min: 'two', max: 1 }));
    assert.equal(found.errors.length, 2);
    assert.match(found.errors[1]?.message ?? '', /^Invalid value: null: some validation rules were not checked/);
  });
});
