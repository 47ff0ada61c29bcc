import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowestVersion, refuseVersion } from './version-path.ts';

const cases: readonly { title: string; from: string; to: string; refused?: RegExp; next?: RegExp }[] = [
  { title: 'a patch up', from: 'v3.5.16', to: 'v3.5.30' },
  { title: 'a patch down', from: 'v3.5.30', to: 'v3.5.16' },
  { title: 'one minor up', from: 'v3.4.23', to: 'v3.5.16' },
  { title: 'nothing at all', from: 'v3.5.16', to: 'v3.5.16' },
  { title: 'two minors up', from: 'v3.4.23', to: 'v3.6.1', refused: /one minor version at a time/, next: /v3\.5/ },
  { title: 'a minor down', from: 'v3.5.16', to: 'v3.4.23', refused: /can not go back/, next: /v3\.5\.16/ },
  {
    title: 'to 3.6 from an early 3.5',
    from: 'v3.5.16',
    to: 'v3.6.1',
    refused: /3\.6 may only follow v3\.5\.26/,
    next: /v3\.5\.26/,
  },
  { title: 'to 3.6 from a late 3.5', from: 'v3.5.30', to: 'v3.6.1' },
  { title: 'another major', from: 'v3.6.1', to: 'v4.0.0', refused: /major/ },
];
for (const { title, from, to, refused, next } of cases) {
  test(`${title} (${from} to ${to}) is ${refused ? 'refused' : 'allowed'}`, () => {
    const refusal = refuseVersion(from, to);
    assert.equal(refusal === undefined, refused === undefined, JSON.stringify(refusal));
    if (refused) assert.match(refusal?.why ?? '', refused);
    if (next) assert.match(refusal?.next ?? '', next);
  });
}

test('an upgrade starts from the lowest version that runs', () => {
  assert.equal(lowestVersion(['3.5.30', '3.5.4', '3.5.16']), '3.5.4');
  assert.equal(lowestVersion([]), undefined);
});
