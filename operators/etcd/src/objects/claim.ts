import type { PersistentVolumeClaim } from '@reeve/api/core/v1';
import { specDefaults } from '../api/spec.ts';
import { clusterLabels, labelKeys, type ClusterIdentity } from '../names.ts';

/** A member's disk. */
export function memberClaim({ name, namespace, spec }: ClusterIdentity, member: string): PersistentVolumeClaim {
  const { size = specDefaults.storageSize, storageClassName } = spec.storage ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: member, namespace, labels: { ...clusterLabels(name), [labelKeys.member]: member } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  };
}
