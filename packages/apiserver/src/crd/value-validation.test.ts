import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue, Value } from '../value.ts';
import { parseSchema } from './schema.ts';
import { compileValidator } from './value-validation.ts';

interface Case {
  readonly schema: ObjectValue;
  readonly good?: readonly Value[];
  readonly bad: readonly (readonly [Value, string])[];
}

const cases: Readonly<Record<string, Case>> = {
  'types are checked': {
    schema: { type: 'integer' },
    good: [1, -5, 3],
    bad: [
      [[1], 'v: Invalid value: "array": v in body must be of type integer: "array"'],
      ['1', 'v: Invalid value: "string": v in body must be of type integer: "string"'],
      [null, 'v: Invalid value: "null": v in body must be of type integer: "null"'],
    ],
  },
  'null needs nullable': { schema: { type: 'string', nullable: true }, good: [null, ''], bad: [] },
  'numbers have ranges': {
    schema: { type: 'integer', minimum: 1, maximum: 10, multipleOf: 2 },
    good: [2, 10],
    bad: [
      [0, 'v: Invalid value: 0: v in body should be greater than or equal to 1'],
      [12, 'v: Invalid value: 12: v in body should be less than or equal to 10'],
      [3, 'v: Invalid value: 3: v in body should be a multiple of 2'],
    ],
  },
  'an int32 has 32 bits': {
    schema: { type: 'integer', format: 'int32' },
    good: [2147483647, -2147483648],
    bad: [[2147483648, '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in v']],
  },
  'texts have lengths in code points, patterns and formats': {
    schema: { type: 'string', minLength: 2, maxLength: 3, pattern: '^[a-zü]+$' },
    good: ['aü', 'abc'],
    bad: [
      ['a', 'v: Invalid value: "a": v in body should be at least 2 chars long'],
      ['abcd', 'v: Too long: may not be more than 3 bytes'],
      ['AB', `v: Invalid value: "AB": v in body should match '^[a-zü]+$'`],
    ],
  },
  'enums list what is supported': {
    schema: { type: 'string', enum: ['a', 'b'] },
    good: ['a'],
    bad: [['c', 'v: Unsupported value: "c": supported values: "a", "b"']],
  },
  'lists and maps have sizes': {
    schema: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string' } },
    good: [['a']],
    bad: [
      [[], 'v: Invalid value: 0: v in body should have at least 1 items'],
      [['a', 'b', 'c'], 'v: Too many: 3: must have at most 2 items'],
    ],
  },
  'required fields are told with their path': {
    schema: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
    good: [{ a: '' }],
    bad: [[{}, 'v.a: Required value']],
  },
  'one alternative has to hold': {
    schema: {
      type: 'string',
      anyOf: [{ pattern: '^a' }, { pattern: '^b' }],
      oneOf: [{ maxLength: 2 }, { minLength: 2 }],
    },
    good: ['a', 'bcd'],
    bad: [
      ['ab', '<nil>: Invalid value: "": "v" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
  },
  'int-or-string takes both': {
    schema: { 'x-kubernetes-int-or-string': true },
    good: [1, '50%'],
    bad: [[true, 'v: Invalid value: "boolean": v in body must be of type integer,string: "boolean"']],
  },
};

for (const [title, { schema, good = [], bad }] of Object.entries(cases))
  test(title, () => {
    const validate = compileValidator(parseSchema({ type: 'object', properties: { v: schema } }));
    const errors = (value: Value): string[] =>
      validate({ v: value }, '').map(({ field, message }) => `${field}: ${message}`);
    for (const value of good) assert.deepEqual(errors(value), [], JSON.stringify(value));
    for (const [value, error] of bad) assert.deepEqual(errors(value), [error]);
  });
