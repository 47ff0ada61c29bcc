import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from './group-versions.ts';
import { preferred } from './media-range.ts';

test('versions are ordered stable, beta, alpha, newer first, other names last', () => {
  const order = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10'];
  assert.deepEqual(order.toReversed().sort(compareVersions), order);
});

const offers = ['application/json', 'application/yaml'];
const accepted: readonly { accept: string | undefined; type: string | undefined }[] = [
  { accept: undefined, type: 'application/json' },
  { accept: '*/*', type: 'application/json' },
  { accept: 'application/yaml', type: 'application/yaml' },
  { accept: 'application/yaml;q=0.1, application/json', type: 'application/json' },
  { accept: 'text/html, application/*', type: 'application/json' },
  { accept: 'text/html', type: undefined },
];

for (const { accept, type } of accepted) {
  test(`Accept: ${accept ?? '(none)'} gets ${type ?? 'nothing'}`, () => {
    assert.equal(preferred(accept, offers), type);
  });
}
