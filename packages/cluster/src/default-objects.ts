import type { StorageClass } from '@reeve/api/storage/v1';
import { PROVISIONER } from '@reeve/controllers';

/** `standard` is like a network disk, usable from every node, and the default; `local` stays on its first pod's node. */
export function defaultStorageClasses(): readonly StorageClass[] {
  const base = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    provisioner: PROVISIONER,
    reclaimPolicy: 'Delete',
  } as const;
  return [
    {
      ...base,
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      volumeBindingMode: 'Immediate',
    },
    { ...base, metadata: { name: 'local' }, volumeBindingMode: 'WaitForFirstConsumer' },
  ];
}
