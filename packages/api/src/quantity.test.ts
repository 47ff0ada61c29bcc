import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuantity, compareQuantities, isQuantity, quantityMilliValue, quantityValue } from './quantity.ts';

const canonical: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['0.0', '0'],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1500m', '1500m'],
  ['1.5Gi', '1536Mi'],
  ['1024Mi', '1Gi'],
  ['1023Mi', '1023Mi'],
  ['2048', '2048'],
  ['1000', '1k'],
  ['1e3', '1e3'],
  ['1000e3', '1e6'],
  ['0.1n', '1n'],
  ['-1000', '-1k'],
  ['0.5Ki', '512'],
  ['1.500', '1.500'],
  ['9Ei', '9223372036854775807'],
];

test('a quantity is written without fraction, with the largest suffix that keeps it exact', () => {
  for (const [text, expected] of canonical) assert.equal(canonicalQuantity(text), expected, text);
});

test('what is no quantity is told', () => {
  for (const text of ['', 'x', '1Q', '1mi', '+', '1 Gi', '1.1.1', 'e3x']) assert.equal(isQuantity(text), false, text);
});

test('quantities compare by amount whatever their suffix', () => {
  assert.equal(compareQuantities('1000m', '1'), 0);
  assert.equal(compareQuantities('1Gi', '1G'), 1);
  assert.equal(compareQuantities('100m', '0.2'), -1);
});

test('values round up', () => {
  assert.equal(quantityValue('1500m'), 2);
  assert.equal(quantityMilliValue('0.1'), 100);
  assert.equal(quantityValue('1Ki'), 1024);
});
