import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeContinue, encodeContinue } from './continue-token.ts';

const token = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a token tells again where the page ended', () => {
  const start = { revision: 7, after: 'ns/a.b' };
  assert.deepEqual(decodeContinue(encodeContinue(start)), start);
});

const refused = [
  { name: 'no base64', text: 'a b', message: /illegal base64/ },
  { name: 'no JSON', text: Buffer.from('x').toString('base64url'), message: /invalid character/ },
  { name: 'another version', text: token({ v: 'v2', rv: 1, start: 'a' }), message: /does not recognize .* v2/ },
  { name: 'no revision', text: token({ v: 'meta.k8s.io/v1', start: 'a' }), message: /start resourceVersion/ },
  { name: 'no key', text: token({ v: 'meta.k8s.io/v1', rv: 1, start: '' }), message: /start key empty/ },
  {
    name: 'a key that leads elsewhere',
    text: token({ v: 'meta.k8s.io/v1', rv: 1, start: '../a' }),
    message: /\.\.\/a/,
  },
];

for (const { name, text, message } of refused) {
  test(`a token with ${name} is refused`, () => {
    assert.throws(() => decodeContinue(text), message);
  });
}
