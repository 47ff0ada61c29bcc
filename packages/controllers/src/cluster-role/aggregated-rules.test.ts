import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterRole } from '@reeve/api/rbac/v1';
import { aggregatedRules } from './aggregated-rules.ts';

function role(name: string, labels: Readonly<Record<string, string>>, resource: string): ClusterRole {
  const rules = [{ apiGroups: [''], resources: [resource], verbs: ['get'] }];
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name, labels }, rules };
}

const view: ClusterRole = {
  ...role('view', { to: 'view' }, 'stale'),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'view' } }, { matchLabels: { also: 'view' } }] },
};

test('an aggregating role has the rules of those that one of its selectors selects, by name, once, without its own', () => {
  const roles = [
    view,
    role('c', { to: 'view' }, 'pods'),
    role('b', { also: 'view' }, 'secrets'),
    role('a', { to: 'view' }, 'pods'),
    role('d', { to: 'edit' }, 'nodes'),
  ];
  assert.deepEqual(
    aggregatedRules(view, roles).flatMap(({ resources }) => resources ?? []),
    ['pods', 'secrets'],
  );
});
