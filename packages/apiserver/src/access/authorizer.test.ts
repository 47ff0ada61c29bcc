import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import type { Attributes } from './attributes.ts';
import { authorize } from './authorizer.ts';
import type { RoleReader } from './rule-resolver.ts';

/** One role `r` in namespace `ns`, bound there to user alice; the same rules as a cluster role for group ops. */
function readerOf(rule: ObjectValue): RoleReader {
  const role = { metadata: { name: 'r' }, rules: [rule] };
  return {
    role: (namespace, name) => (namespace === 'ns' && name === 'r' ? role : undefined),
    clusterRole: (name) => (name === 'r' ? role : undefined),
    roleBindings: (namespace) =>
      namespace === 'ns'
        ? [
            {
              metadata: { name: 'b' },
              roleRef: { kind: 'Role', name: 'r' },
              subjects: [{ kind: 'User', name: 'alice' }],
            },
            {
              metadata: { name: 'm' },
              roleRef: { kind: 'Role', name: 'gone' },
              subjects: [{ kind: 'User', name: 'bob' }],
            },
            {
              metadata: { name: 's' },
              roleRef: { kind: 'Role', name: 'r' },
              subjects: [{ kind: 'ServiceAccount', name: 'bot' }],
            },
          ]
        : [],
    clusterRoleBindings: () => [
      {
        metadata: { name: 'c' },
        roleRef: { kind: 'ClusterRole', name: 'r' },
        subjects: [{ kind: 'Group', name: 'ops' }],
      },
    ],
  };
}

const get = (resource: string, more: Partial<Attributes> = {}): Attributes => ({
  verb: 'get',
  group: '',
  resource,
  subresource: '',
  namespace: 'ns',
  name: 'a',
  ...more,
});

const alice = { name: 'alice', groups: [] };
const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };

const cases: readonly { name: string; rule: ObjectValue; asked: Attributes; allowed: boolean }[] = [
  { name: 'the named resource', rule: pods, asked: get('pods'), allowed: true },
  { name: 'another verb', rule: pods, asked: get('pods', { verb: 'list' }), allowed: false },
  { name: 'another group', rule: pods, asked: get('pods', { group: 'apps' }), allowed: false },
  { name: 'another namespace', rule: pods, asked: get('pods', { namespace: 'other' }), allowed: false },
  { name: 'a subresource of the resource', rule: pods, asked: get('pods', { subresource: 'log' }), allowed: false },
  {
    name: 'a subresource by its name',
    rule: { ...pods, resources: ['pods/log'] },
    asked: get('pods', { subresource: 'log' }),
    allowed: true,
  },
  {
    name: 'a subresource of every resource',
    rule: { ...pods, resources: ['*/scale'] },
    asked: get('pods', { subresource: 'scale' }),
    allowed: true,
  },
  {
    name: 'pods/* as if it were a wildcard',
    rule: { ...pods, resources: ['pods/*'] },
    asked: get('pods', { subresource: 'log' }),
    allowed: false,
  },
  {
    name: 'everything by *',
    rule: { ...pods, resources: ['*'] },
    asked: get('secrets', { subresource: 'x' }),
    allowed: true,
  },
  { name: 'a named object', rule: { ...pods, resourceNames: ['a'] }, asked: get('pods'), allowed: true },
  { name: 'an object of another name', rule: { ...pods, resourceNames: ['b'] }, asked: get('pods'), allowed: false },
  {
    name: 'a collection by an object name',
    rule: { ...pods, resourceNames: ['a'] },
    asked: get('pods', { name: '' }),
    allowed: false,
  },
];

for (const { name, rule, asked, allowed } of cases) {
  test(`a rule ${allowed ? 'allows' : 'does not allow'} ${name}`, () => {
    assert.equal(authorize(readerOf(rule), alice, asked).allowed, allowed);
  });
}

test('a path is allowed by a URL with a star at its end, for whoever a cluster binding names', () => {
  const reader = readerOf({ verbs: ['get'], nonResourceURLs: ['/logs/*'] });
  const ops = { name: 'erin', groups: ['ops'] };
  assert.equal(authorize(reader, ops, { verb: 'get', path: '/logs/a' }).allowed, true);
  assert.equal(authorize(reader, ops, { verb: 'get', path: '/logs' }).allowed, false);
  assert.equal(authorize(reader, alice, { verb: 'get', path: '/logs/a' }).allowed, false);
});

test('the reason names binding, role and subject', () => {
  const reader = readerOf(pods);
  const reason = (name: string, groups: readonly string[] = []): string =>
    authorize(reader, { name, groups }, get('pods')).reason;
  assert.equal(reason('alice'), 'RBAC: allowed by RoleBinding "b/ns" of Role "r" to User "alice"');
  assert.equal(reason('erin', ['ops']), 'RBAC: allowed by ClusterRoleBinding "c" of ClusterRole "r" to Group "ops"');
  const bot = reason('system:serviceaccount:ns:bot');
  assert.equal(bot, 'RBAC: allowed by RoleBinding "s/ns" of Role "r" to ServiceAccount "bot/ns"');
  assert.equal(reason('bob'), 'RBAC: role.rbac.authorization.k8s.io "gone" not found');
});

test('system:masters may do everything, without a reason', () => {
  const decision = authorize(readerOf(pods), { name: 'root', groups: ['system:masters'] }, get('secrets'));
  assert.deepEqual(decision, { allowed: true, reason: '' });
});
