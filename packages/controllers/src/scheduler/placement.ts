import type { Pod } from '@reeve/api/core/v1';
import { claimObstacle } from './claims.ts';
import type { ClusterView, NodeView } from './cluster-view.ts';
import { obstaclesAt } from './filter.ts';
import type { Obstacle } from './filter.ts';
import { nodePreference } from './node-affinity.ts';
import { podPreference } from './pod-affinity.ts';
import { podRequests } from './pod-resources.ts';
import { untolerated } from './taint.ts';
import { spreadPenalty } from './topology-spread.ts';

/** Where a pod goes, or why it cannot go anywhere, in the default scheduler's words. */
export type Placement = { readonly node: string } | { readonly message: string };

/** Decides where a pod goes: the nodes that fit, then the best of them; equal ones by name. */
export function place(pod: Pod, view: ClusterView): Placement {
  const total = view.nodes.length;
  if (total === 0) return { message: 'no nodes available to schedule pods' };
  const claims = claimObstacle(pod, view);
  if (claims !== undefined) return { message: `0/${total} nodes are available: ${claims}. not found` };
  const verdicts = view.nodes.map((at) => ({ at, obstacles: obstaclesAt(pod, at, view) }));
  const fitting = verdicts.filter(({ obstacles }) => obstacles.length === 0).map(({ at }) => at);
  const best = bestOf(pod, fitting, view);
  if (best !== undefined) return { node: best };
  return {
    message: refusal(
      pod,
      verdicts.map(({ obstacles }) => obstacles),
    ),
  };
}

function bestOf(pod: Pod, fitting: readonly NodeView[], view: ClusterView): string | undefined {
  const scored = fitting.map((at) => ({ name: at.node.metadata?.name ?? '', score: scoreOf(pod, at, view) }));
  return scored.toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))[0]?.name;
}

/** Room left in the scarcest of cpu and memory, spreading, preferences and avoided taints, on one rough scale. */
function scoreOf(pod: Pod, at: NodeView, view: ClusterView): number {
  const asked = podRequests(pod);
  const free = ['cpu', 'memory'].map((name) => {
    const room = at.allocatable.get(name) ?? 0;
    return room === 0 ? 0 : (room - (at.requested.get(name) ?? 0) - (asked.get(name) ?? 0)) / room;
  });
  return (
    100 * Math.min(...free) -
    at.pods.length +
    nodePreference(pod, at.node) +
    podPreference(pod, at, view) -
    20 * spreadPenalty(pod, at, view) -
    100 * untolerated(pod, at.node, ['PreferNoSchedule']).length
  );
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. …`: reasons counted and sorted by text. */
function refusal(pod: Pod, obstacles: readonly (readonly Obstacle[])[]): string {
  const total = obstacles.length;
  const reasons = counted(obstacles.flat().map(({ reason }) => reason));
  return `0/${total} nodes are available: ${reasons}. no new claims to deallocate, preemption: ${preemption(pod, obstacles)}`;
}

/** Nothing is preempted here: a pod waits until there is room. */
function preemption(pod: Pod, obstacles: readonly (readonly Obstacle[])[]): string {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const verdicts = obstacles.map((ofNode) =>
    ofNode.every(({ removable }) => removable)
      ? 'No preemption victims found for incoming pod'
      : 'Preemption is not helpful for scheduling',
  );
  return `0/${obstacles.length} nodes are available: ${counted(verdicts)}.`;
}

function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .toSorted()
    .join(', ');
}
