import type { Pod, TopologySpreadConstraint } from '@reeve/api/core/v1';
import { selects } from './cluster-view.ts';
import type { ClusterView, NodeView } from './cluster-view.ts';
import { matchesNodeAffinity } from './node-affinity.ts';

/** How a node does with the constraints of one kind: fine, too full, or without the label that they spread over. */
export type SpreadVerdict = 'ok' | 'skewed' | 'unlabelled';

/** Checks the DoNotSchedule constraints (KEP-895). */
export function spreadVerdict(pod: Pod, at: NodeView, view: ClusterView): SpreadVerdict {
  const hard = constraints(pod, 'DoNotSchedule');
  if (hard.some(({ topologyKey }) => domainOf(at, topologyKey) === undefined)) return 'unlabelled';
  return hard.every((constraint) => skewWith(pod, at, view, constraint) <= constraint.maxSkew) ? 'ok' : 'skewed';
}

/** How uneven the ScheduleAnyway constraints would be; less is better. */
export function spreadPenalty(pod: Pod, at: NodeView, view: ClusterView): number {
  return constraints(pod, 'ScheduleAnyway')
    .map((constraint) =>
      domainOf(at, constraint.topologyKey) === undefined ? 100 : skewWith(pod, at, view, constraint),
    )
    .reduce((a, b) => a + b, 0);
}

function constraints(
  pod: Pod,
  action: TopologySpreadConstraint['whenUnsatisfiable'],
): readonly TopologySpreadConstraint[] {
  return (pod.spec?.topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action);
}

const domainOf = ({ node }: NodeView, key: string): string | undefined => node.metadata?.labels?.[key];

/** Pods in the node's domain with this one added, less those in the emptiest eligible domain. */
function skewWith(pod: Pod, at: NodeView, view: ClusterView, constraint: TopologySpreadConstraint): number {
  const counts = new Map<string, number>();
  for (const place of view.nodes) {
    const domain = domainOf(place, constraint.topologyKey);
    if (domain === undefined || !matchesNodeAffinity(pod, place.node)) continue;
    const found = place.pods.filter((other) => isCounted(other, pod, constraint)).length;
    counts.set(domain, (counts.get(domain) ?? 0) + found);
  }
  const isOwn = selects(constraint.labelSelector, pod.metadata?.labels);
  const isShort = counts.size < (constraint.minDomains ?? 1);
  const least = isShort ? 0 : Math.min(...counts.values());
  return (counts.get(domainOf(at, constraint.topologyKey) ?? '') ?? 0) + (isOwn ? 1 : 0) - least;
}

function isCounted(other: Pod, pod: Pod, { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint): boolean {
  return (
    other.metadata?.namespace === pod.metadata?.namespace &&
    other.metadata?.deletionTimestamp === undefined &&
    selects(labelSelector, other.metadata?.labels) &&
    matchLabelKeys.every((key) => other.metadata?.labels?.[key] === pod.metadata?.labels?.[key])
  );
}
