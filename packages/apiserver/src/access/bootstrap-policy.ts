import { readData } from '../registry/published-resources.ts';
import { isObject, metadataOf, type ObjectValue, type Value } from '../value.ts';

let loaded: readonly ObjectValue[] | undefined;

/**
 * The roles and bindings that a server of this version makes at its start, as data recorded from Kubernetes 1.36. Each
 * carries the label and annotation by which the server knows its own. Aggregated roles are already filled in.
 */
export function bootstrapPolicy(): readonly ObjectValue[] {
  loaded ??= completed(readData<{ readonly items: readonly ObjectValue[] }>('bootstrap-policy.json.gz').items);
  return loaded;
}

function completed(items: readonly ObjectValue[]): readonly ObjectValue[] {
  for (const item of items) {
    const metadata = metadataOf(item);
    const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
    metadata['labels'] = { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels };
    metadata['annotations'] = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
  }
  // Twice: edit takes from view, admin from edit, and view may come last.
  for (let round = 0; round < 2; round += 1) for (const item of items) fillAggregated(item, items);
  return items;
}

function fillAggregated(role: ObjectValue, all: readonly ObjectValue[]): void {
  const rule = role['aggregationRule'];
  if (!isObject(rule) || !Array.isArray(rule['clusterRoleSelectors'])) return;
  const selectors = rule['clusterRoleSelectors'].filter(isObject);
  const rules = new Map<string, Value>();
  for (const other of all) {
    if (other === role || other['kind'] !== 'ClusterRole' || !Array.isArray(other['rules'])) continue;
    if (!selectors.some((selector) => matchesLabels(selector['matchLabels'], metadataOf(other)['labels']))) continue;
    for (const item of other['rules']) rules.set(JSON.stringify(item), item);
  }
  role['rules'] = [...rules.values()];
}

function matchesLabels(wanted: Value | undefined, labels: Value | undefined): boolean {
  if (!isObject(wanted) || !isObject(labels)) return false;
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
