import { ClusterRole } from '@reeve/api/rbac/v1';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller } from '@reeve/operator';
import { isSame } from '../canonical-json.ts';
import { aggregatedRules } from './aggregated-rules.ts';

/** Keeps the rules of roles that gather those of others, such as `admin`, `edit` and `view`. */
export function clusterRoleController(): Controller {
  return controller(ClusterRole, {
    name: 'clusterrole-aggregation',
    when: ({ object }) => object.aggregationRule !== undefined,
    watches: [
      watch(ClusterRole, {
        map: (_, { read }) =>
          read
            .list(ClusterRole)
            .filter(({ aggregationRule }) => aggregationRule !== undefined)
            .map(keyOf),
      }),
    ],
    permissions: [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['update', 'escalate'] },
    ],
    async reconcile({ obj, read, client }) {
      if (obj.aggregationRule === undefined || obj.metadata.deletionTimestamp !== undefined) return;
      const rules = aggregatedRules(obj, read.list(ClusterRole));
      if (!isSame(obj.rules ?? [], rules)) await client.of(ClusterRole).update({ ...obj, rules });
    },
  });
}
