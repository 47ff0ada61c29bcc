import { labelRequirements, matchesLabels } from '@reeve/api';
import type { LabelSelector } from '@reeve/api';
import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import type { StorageClass } from '@reeve/api/storage/v1';
import { addAmounts, amountsOf, podRequests } from './pod-resources.ts';
import type { Amounts } from './pod-resources.ts';

/** A node and what is on it. */
export interface NodeView {
  readonly node: Node;
  readonly pods: readonly Pod[];
  readonly requested: Amounts;
  readonly allocatable: Amounts;
}

/** Everything that a placement depends on, at one moment. */
export interface ClusterView {
  readonly nodes: readonly NodeView[];
  readonly namespaces: readonly Namespace[];
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  storageClass(name: string): StorageClass | undefined;
}

/** Pods that still use their node: ended ones do not. */
export function occupies(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

export function nodeView(node: Node, pods: readonly Pod[]): NodeView {
  const living = pods.filter(occupies);
  return {
    node,
    pods: living,
    requested: living.map(podRequests).reduce(addAmounts, new Map<string, number>()),
    allocatable: amountsOf(node.status?.allocatable),
  };
}

/** Whether a selector selects the pod's labels; a missing one selects nothing. */
export function selects(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return matchesLabels(labelRequirements(selector), labels ?? {});
}
