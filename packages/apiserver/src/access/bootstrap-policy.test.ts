import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataOf } from '../value.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import { parseRules } from './policy-rule.ts';

const role = (name: string) =>
  bootstrapPolicy().find((item) => item['kind'] === 'ClusterRole' && metadataOf(item)['name'] === name);

test('view, edit and admin are filled in from the roles that aggregate into them', () => {
  const resourcesOf = (name: string): Set<string> =>
    new Set(parseRules(role(name)?.['rules']).flatMap(({ resources }) => resources));
  assert.ok(resourcesOf('view').has('configmaps'));
  assert.ok(!resourcesOf('view').has('secrets'));
  assert.ok(resourcesOf('edit').has('secrets') && resourcesOf('edit').has('configmaps'));
  assert.ok(resourcesOf('admin').has('rolebindings') && resourcesOf('admin').has('secrets'));
});

test('every role and binding carries the mark of the server', () => {
  for (const item of bootstrapPolicy()) {
    const labels = metadataOf(item)['labels'];
    assert.equal((labels as Record<string, string>)['kubernetes.io/bootstrapping'], 'rbac-defaults');
  }
});
