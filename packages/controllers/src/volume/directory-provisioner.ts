import type { PersistentVolume, PersistentVolumeClaim } from '@reeve/api/core/v1';
import type { StorageClass } from '@reeve/api/storage/v1';

/** Makes volumes that are directories of this machine. */
export const PROVISIONER = 'reeve.dev/directory';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** The directories themselves, by volume name; the effects of this folder. */
export interface VolumeDirectories {
  pathOf(volume: string): string;
  create(volume: string): Promise<void>;
  remove(volume: string): Promise<void>;
}

/** Whether this provisioner made the volume, and so may delete it with its data. */
export function isOurs(volume: PersistentVolume): boolean {
  return volume.metadata?.annotations?.[PROVISIONED_BY] === PROVISIONER;
}

/**
 * The volume for a claim: reachable from every node like a network disk, or, where the class waits for the first
 * consumer, tied to that pod's node like a local disk.
 */
export function provisionedVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  at: { readonly path: string; readonly node: string | undefined },
): PersistentVolume & { readonly metadata: { readonly name: string } } {
  const { name, namespace, uid } = claim.metadata ?? {};
  const source =
    at.node === undefined
      ? { hostPath: { path: at.path, type: '' } }
      : {
          local: { path: at.path },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [at.node] }] },
              ],
            },
          },
        };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeNameOf(claim), annotations: { [PROVISIONED_BY]: PROVISIONER } },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
      accessModes: claim.spec?.accessModes ?? [],
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
      storageClassName: storageClass.metadata?.name ?? '',
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: name ?? '',
        namespace: namespace ?? '',
        uid: uid ?? '',
      },
      ...source,
    },
  } as PersistentVolume & { readonly metadata: { readonly name: string } };
}

/** The claim's uid names its volume, so that making it twice makes one. */
export function volumeNameOf({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata?.uid ?? ''}`;
}
