import { labelRequirements, matchesLabels } from '@reeve/api';
import type { ClusterRole, PolicyRule } from '@reeve/api/rbac/v1';
import { canonicalJSON } from '../canonical-json.ts';

/** The rules of all other roles that an aggregating role selects, by name, each rule once. */
export function aggregatedRules(role: ClusterRole, roles: readonly ClusterRole[]): readonly PolicyRule[] {
  const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []).map(labelRequirements);
  const rules = roles
    .filter(({ metadata }) => metadata?.name !== role.metadata?.name)
    .filter(({ metadata }) => selectors.some((selector) => matchesLabels(selector, metadata?.labels ?? {})))
    .toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))
    .flatMap((source) => source.rules ?? []);
  return [...new Map(rules.map((rule) => [canonicalJSON(rule), rule])).values()];
}
