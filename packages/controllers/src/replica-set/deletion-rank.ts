import type { Pod } from '@reeve/api/core/v1';
import { readySince, restartsOf } from '../pod-state.ts';

const PHASES = ['Pending', 'Unknown', 'Running'];

/** What a pod loses by being deleted, most telling first: the pod with the least goes first (KEP-2255). */
function ranksOf(pod: Pod): readonly number[] {
  const since = readySince(pod);
  return [
    pod.spec?.nodeName ? 1 : 0,
    PHASES.indexOf(pod.status?.phase ?? 'Pending'),
    since === undefined ? 0 : 1,
    Number(pod.metadata?.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0),
    since === undefined ? 0 : -since,
    -restartsOf(pod),
    -Date.parse(pod.metadata?.creationTimestamp ?? ''),
  ];
}

/** Orders pods so that those to delete come first. */
export function byDeletionRank(left: Pod, right: Pod): number {
  const [a, b] = [ranksOf(left), ranksOf(right)];
  for (const [index, rank] of a.entries()) {
    const difference = rank - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
