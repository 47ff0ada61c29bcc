import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningHeader, Warnings, withinLimits } from './warnings.ts';

test('a text is told once, and none that a header cannot hold', () => {
  const warnings = new Warnings();
  for (const text of ['a', 'a', '', 'line\nbreak', 'b']) warnings.warn(text);
  assert.deepEqual(warnings.texts, ['a', 'b']);
});

test('quotes are escaped and other alphabets sent as UTF-8', () => {
  const header = warningHeader('unknown field "ключ"');
  assert.equal(Buffer.from(header, 'latin1').toString('utf8'), '299 - "unknown field \\"ключ\\""');
});

test('thirty long texts come out as sixteen short ones', () => {
  const texts = withinLimits(Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(270)}`));
  assert.equal(texts.length, 16);
  assert.ok(texts.every((text) => text.length === 256));
});
