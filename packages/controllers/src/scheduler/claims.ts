import type { PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import type { ClusterView } from './cluster-view.ts';

/** Claims that the pod uses by name. */
export function claimNames(pod: Pod): readonly string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** True for a claim whose volume is to be made where its first pod goes. */
export function waitsForConsumer(claim: PersistentVolumeClaim, view: Pick<ClusterView, 'storageClass'>): boolean {
  return view.storageClass(claim.spec?.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** Why no node at all can take the pod now, because of its claims. */
export function claimObstacle(pod: Pod, view: ClusterView): string | undefined {
  const namespace = pod.metadata?.namespace ?? '';
  for (const name of claimNames(pod)) {
    const claim = view.claim(namespace, name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.metadata?.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
    if (!claim.spec?.volumeName && !waitsForConsumer(claim, view))
      return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}
