import type { Node, Pod, Taint, Toleration } from '@reeve/api/core/v1';

/** Whether one toleration lets a pod live with a taint. An empty key with Exists tolerates everything. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '');
}

/** The node's taints with one of these effects that the pod does not tolerate. */
export function untolerated(pod: Pod, node: Node, effects: readonly Taint['effect'][]): readonly Taint[] {
  const tolerations = pod.spec?.tolerations ?? [];
  return (node.spec?.taints ?? []).filter(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}
