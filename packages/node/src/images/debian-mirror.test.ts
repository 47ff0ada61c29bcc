import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debianMirror, mirrorIn } from './debian-mirror.ts';

const cases: readonly { readonly name: string; readonly text: string; readonly mirror: string | undefined }[] = [
  {
    name: 'a one-line source',
    text: 'deb http://mirror.example/debian bookworm main\n',
    mirror: 'http://mirror.example/debian',
  },
  {
    name: 'a one-line source with options',
    text: 'deb [arch=amd64 signed-by=/x.gpg] https://mirror.example/debian/ sid main',
    mirror: 'https://mirror.example/debian',
  },
  {
    name: 'a deb822 source',
    text: 'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie',
    mirror: 'http://mirror.example/debian',
  },
  {
    name: 'security updates are another archive',
    text: 'deb http://mirror.example/debian-security bookworm main',
    mirror: undefined,
  },
  { name: "somebody else's archive", text: 'deb https://packages.example/apt sdk main', mirror: undefined },
  { name: 'a comment', text: '# deb http://mirror.example/debian bookworm main', mirror: undefined },
];

for (const { name, text, mirror } of cases) {
  test(`mirror in apt's sources: ${name}`, () => assert.equal(mirrorIn(text), mirror));
}

test('a mirror named by the variable wins', async () => {
  assert.equal(await debianMirror({ REEVE_DEBIAN_MIRROR: 'http://own.example/debian/' }), 'http://own.example/debian');
});
