import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { Impersonator, wantedUser } from './impersonation.ts';
import type { RoleReader } from './rule-resolver.ts';

/** Everything in `rules` is allowed to user alice everywhere. */
function readerOf(...rules: ObjectValue[]): RoleReader {
  const role = { metadata: { name: 'r' }, rules };
  const binding = {
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects: [{ kind: 'User', name: 'alice' }],
  };
  return {
    role: () => undefined,
    clusterRole: () => role,
    roleBindings: () => [],
    clusterRoleBindings: () => [binding],
  };
}

const alice = { name: 'alice', groups: ['system:authenticated'] };
const list = { verb: 'list', group: '', resource: 'pods', subresource: '', namespace: 'ns', name: '' };

test('headers name the user, groups, uid and extra', () => {
  const user = wantedUser({
    'impersonate-user': 'jane',
    'impersonate-group': 'one, two',
    'impersonate-uid': '42',
    'impersonate-extra-acme.com%2fproject': 'x',
  });
  assert.deepEqual(user, { name: 'jane', groups: ['one', 'two'], uid: '42', extra: { 'acme.com/project': ['x'] } });
  assert.equal(wantedUser({}), undefined);
  assert.throws(() => wantedUser({ 'impersonate-group': 'one' }), /without impersonating a user/);
});

test('the old right to impersonate gives the user and system:authenticated', () => {
  const impersonator = new Impersonator(readerOf({ verbs: ['impersonate'], apiGroups: [''], resources: ['users'] }));
  const user = impersonator.resolve(alice, { name: 'jane', groups: [] }, list);
  assert.deepEqual(user, { name: 'jane', groups: ['system:authenticated'] });
});

test('an impersonated service account brings its groups', () => {
  const impersonator = new Impersonator(
    readerOf({ verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] }),
  );
  const user = impersonator.resolve(alice, { name: 'system:serviceaccount:n:robot', groups: [] }, list);
  assert.deepEqual(user.groups, ['system:serviceaccounts', 'system:serviceaccounts:n', 'system:authenticated']);
});

test('constrained impersonation needs the right to be the user and to do this as him', () => {
  const be = { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'] };
  const act = { verbs: ['impersonate-on:user-info:list'], apiGroups: [''], resources: ['pods'] };
  const jane = { name: 'jane', groups: [] };
  assert.equal(new Impersonator(readerOf(be, act)).resolve(alice, jane, list).name, 'jane');
  assert.throws(
    () => new Impersonator(readerOf(act)).resolve(alice, jane, list),
    /impersonate:user-info resource "users"/,
  );
  assert.throws(
    () => new Impersonator(readerOf(be)).resolve(alice, jane, list),
    /impersonate-on:user-info:list resource "pods"/,
  );
});

test('the refusal told is that of the way which worked last', () => {
  const impersonator = new Impersonator(
    readerOf({ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['jane'] }),
  );
  impersonator.resolve(alice, { name: 'jane', groups: [] }, list);
  assert.throws(
    () => impersonator.resolve(alice, { name: 'joe', groups: [] }, list),
    /cannot impersonate resource "users"/,
  );
});
