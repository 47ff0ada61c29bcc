import type { Node, NodeCondition, Pod, Taint } from '@reeve/api/core/v1';
import { tolerates } from '../scheduler/taint.ts';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const OURS: readonly string[] = [NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(PRESSURES)];

type Readiness = 'True' | 'False' | 'Unknown';

function conditionOf({ status }: Node, type: string): NodeCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function readinessOf(node: Node): Readiness {
  return (conditionOf(node, 'Ready')?.status as Readiness | undefined) ?? 'Unknown';
}

/** The conditions of a node whose agent has gone silent: what was known becomes Unknown. Undefined: already so. */
export function silentConditions(node: Node, now: string): readonly NodeCondition[] | undefined {
  const types = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
  if (types.every((type) => conditionOf(node, type)?.status === 'Unknown')) return undefined;
  return types.map((type) => {
    const current = conditionOf(node, type);
    if (current?.status === 'Unknown') return current;
    const never = current === undefined;
    return {
      type,
      status: 'Unknown',
      reason: never ? 'NodeStatusNeverUpdated' : 'NodeStatusUnknown',
      message: never ? 'Kubelet never posted node status.' : 'Kubelet stopped posting node status.',
      lastHeartbeatTime: current?.lastHeartbeatTime ?? node.metadata?.creationTimestamp ?? now,
      lastTransitionTime: now,
    };
  });
}

/**
 * The taints that the node's conditions call for, added to those of others; undefined if nothing changes. `evicts`
 * is false while no node of the cluster is ready: then no pod is driven away (full disruption mode).
 */
export function desiredTaints(node: Node, now: string, evicts: boolean): readonly Taint[] | undefined {
  const current = node.spec?.taints ?? [];
  const wanted = taintsFor(node, evicts);
  const key = (taint: Taint): string => `${taint.key}:${taint.effect}`;
  const others = current.filter((taint) => !OURS.includes(taint.key));
  const ours = wanted.map((taint) => {
    const before = current.find((other) => key(other) === key(taint));
    return before ?? (taint.effect === 'NoExecute' ? { ...taint, timeAdded: now } : taint);
  });
  const next = [...others, ...ours];
  const isSame =
    next.length === current.length && next.every((taint) => current.some((other) => key(other) === key(taint)));
  return isSame ? undefined : next;
}

function taintsFor(node: Node, evicts: boolean): readonly Taint[] {
  const readiness = readinessOf(node);
  const keys = Object.entries(PRESSURES).flatMap(([type, name]) =>
    conditionOf(node, type)?.status === 'True' ? [name] : [],
  );
  if (readiness === 'False') keys.push(NOT_READY);
  if (readiness === 'Unknown') keys.push(UNREACHABLE);
  if (node.spec?.unschedulable) keys.push(UNSCHEDULABLE);
  const evicting = readiness === 'True' || !evicts ? [] : [readiness === 'False' ? NOT_READY : UNREACHABLE];
  return [
    ...keys.map((name): Taint => ({ key: name, effect: 'NoSchedule' })),
    ...evicting.map((name): Taint => ({ key: name, effect: 'NoExecute' })),
  ];
}

/** When a NoExecute taint drives the pod away, in milliseconds since the epoch; undefined: never. */
export function evictionTime(pod: Pod, taints: readonly Taint[], now: number): number | undefined {
  const evicting = taints.filter(({ effect }) => effect === 'NoExecute');
  const times = evicting.map((taint) => {
    const matching = (pod.spec?.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    const since = taint.timeAdded === undefined ? now : Date.parse(taint.timeAdded);
    if (matching.length === 0) return since;
    const limits = matching.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    return limits.length === 0 ? Infinity : since + Math.max(0, Math.min(...limits)) * 1000;
  });
  const first = Math.min(Infinity, ...times);
  return first === Infinity ? undefined : first;
}
