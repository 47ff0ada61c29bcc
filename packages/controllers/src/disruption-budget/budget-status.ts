import { formatTime } from '@reeve/api';
import type { IntOrString } from '@reeve/api';
import type { Pod } from '@reeve/api/core/v1';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '@reeve/api/policy/v1';
import { isActive, readySince } from '../pod-state.ts';

/** How long an eviction that was granted counts although the pod is still there. */
const DISRUPTION_TIMEOUT_MS = 2 * 60_000;

/** How many pods a budget is measured against: `count` of its own, `scale` of the controllers that made them. */
export interface ExpectedPods {
  readonly count: number;
  readonly scale: number;
}

/** Both percentages round up, as the API does. */
function resolve(value: IntOrString, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);
}

/** What the budget expects and how many pods must be healthy. */
export function demandOf(
  { spec }: PodDisruptionBudget,
  { count, scale }: ExpectedPods,
): { readonly expectedPods: number; readonly desiredHealthy: number } {
  if (spec?.maxUnavailable !== undefined) {
    return { expectedPods: scale, desiredHealthy: Math.max(0, scale - resolve(spec.maxUnavailable, scale)) };
  }
  const minAvailable = spec?.minAvailable ?? 1;
  const expectedPods = typeof minAvailable === 'number' ? count : scale;
  return { expectedPods, desiredHealthy: resolve(minAvailable, expectedPods) };
}

/** The status of a budget from the pods that it selects. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  expected: ExpectedPods,
  now: number,
): PodDisruptionBudgetStatus {
  const disruptedPods = stillDisrupted(budget, pods, now);
  const healthy = pods.filter(
    (pod) =>
      isActive(pod) &&
      readySince(pod) !== undefined &&
      !(pod.metadata?.name !== undefined && pod.metadata.name in disruptedPods),
  );
  const { expectedPods, desiredHealthy } = demandOf(budget, expected);
  const currentHealthy = healthy.length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const isAllowed = disruptionsAllowed > 0;
  const before = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const status = isAllowed ? 'True' : 'False';
  const since = before?.status === status ? before.lastTransitionTime : formatTime(now);
  return {
    observedGeneration: budget.metadata?.generation ?? 0,
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status,
        observedGeneration: budget.metadata?.generation ?? 0,
        lastTransitionTime: since,
        reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      },
    ],
  };
}

/** Granted evictions whose pods have not gone yet; one that never happened is forgotten. */
function stillDisrupted(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Readonly<Record<string, string>> {
  const there = new Map(pods.map((pod) => [pod.metadata?.name ?? '', pod]));
  const entries = Object.entries(status?.disruptedPods ?? {}).filter(([name, time]) => {
    const pod = there.get(name);
    return (
      pod !== undefined &&
      pod.metadata?.deletionTimestamp === undefined &&
      Date.parse(time) + DISRUPTION_TIMEOUT_MS > now
    );
  });
  return Object.fromEntries(entries);
}
