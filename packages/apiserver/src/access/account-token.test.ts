import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { issueToken, parseToken } from './account-token.ts';
import { loadSigningKey, signingKey } from './signing-key.ts';
import { TokenAuthenticator } from './token-authenticator.ts';

const issuer = 'https://issuer.example';
const now = 1_700_000_000_000;
const claims = {
  issuer,
  audiences: ['a', issuer],
  namespace: 'ns',
  account: { name: 'robot', uid: 'u1' },
  pod: { name: 'p', uid: 'u2' },
  issuedAt: now / 1000,
  expiresAt: now / 1000 + 600,
};
const keys = [
  { name: 'P-256', key: loadSigningKey(undefined) },
  { name: 'RSA', key: signingKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey) },
];

for (const { name, key } of keys) {
  test(`a token signed with ${name} says what it was made of`, () => {
    const parsed = parseToken(key, issuer, issueToken(key, claims), now);
    assert.equal(parsed.type, 'claims');
    if (parsed.type === 'claims') assert.deepEqual({ ...parsed.claims, id: '' }, { ...claims, id: '' });
  });
}

test('a token of another key, of changed bytes or past its time is refused', () => {
  const key = loadSigningKey(undefined);
  const token = issueToken(key, claims);
  const parsedType = (text: string, at = now): string => parseToken(key, issuer, text, at).type;
  assert.equal(parsedType(issueToken(loadSigningKey(undefined), claims)), 'invalid');
  assert.equal(parsedType(`${token.slice(0, -2)}xx`), 'invalid');
  assert.equal(parsedType(token, now + 601_000), 'invalid');
  assert.equal(parsedType('junk'), 'foreign');
});

test('a token lives as long as its account and its pod, and counts for its audiences only', () => {
  const key = loadSigningKey(undefined);
  const objects = new Map([
    ['serviceaccounts/ns/robot', 'u1'],
    ['pods/ns/p', 'u2'],
  ]);
  const tokens = new TokenAuthenticator({
    tokens: [{ token: 'secret', user: 'carol', uid: '', groups: ['devs'] }],
    key,
    issuer,
    now: () => now,
    lookup: (plural, namespace, name) => {
      const uid = objects.get(`${plural}/${namespace}/${name}`);
      return uid === undefined ? undefined : { metadata: { uid } };
    },
  });
  const token = issueToken(key, claims);
  const good = tokens.authenticate(token);
  assert.equal(good.type === 'user' && good.user.name, 'system:serviceaccount:ns:robot');
  assert.deepEqual(good.type === 'user' && good.user.extra?.['authentication.kubernetes.io/pod-name'], ['p']);
  const other = tokens.authenticate(token, ['vault']);
  assert.match(
    other.type === 'refused' ? other.problem : '',
    /token audiences \["a" "https:\/\/issuer.example"\] is invalid/,
  );
  objects.delete('pods/ns/p');
  assert.equal(tokens.authenticate(token).type, 'refused');
  assert.equal(tokens.authenticate('secret').type, 'user');
  assert.deepEqual(tokens.authenticate('wrong'), { type: 'refused', problem: 'invalid bearer token' });
});
