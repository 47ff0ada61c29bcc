import { fieldsOf } from '../go-types.ts';
import { isObject } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { defaultPullPolicy } from './pod-defaults.ts';
import type { DefaultsTable, TypeDefaults } from './type-defaults.ts';

const readableMode: TypeDefaults = { set: { defaultMode: 0o644 } };
const rbd: TypeDefaults = { set: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' } };
const iscsi: TypeDefaults = { set: { iscsiInterface: 'default' } };
const scaleIO: TypeDefaults = { set: { storageMode: 'ThinProvisioned', fsType: 'xfs' } };

/** The sources of a pod's volumes and of persistent ones. */
export const volumeDefaults: DefaultsTable = {
  'core/v1.Volume': { adjust: defaultVolume },
  'core/v1.SecretVolumeSource': readableMode,
  'core/v1.ConfigMapVolumeSource': readableMode,
  'core/v1.DownwardAPIVolumeSource': readableMode,
  'core/v1.ProjectedVolumeSource': readableMode,
  'core/v1.ServiceAccountTokenProjection': { set: { expirationSeconds: 3600 } },
  'core/v1.HostPathVolumeSource': { set: { type: '' } },
  'core/v1.ImageVolumeSource': { adjust: defaultPullPolicy('reference', 'pullPolicy') },
  'core/v1.ISCSIVolumeSource': iscsi,
  'core/v1.ISCSIPersistentVolumeSource': iscsi,
  'core/v1.RBDVolumeSource': rbd,
  'core/v1.RBDPersistentVolumeSource': rbd,
  'core/v1.ScaleIOVolumeSource': scaleIO,
  'core/v1.ScaleIOPersistentVolumeSource': scaleIO,
  'core/v1.AzureDiskVolumeSource': {
    set: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
  },
};

let sources: readonly string[] | undefined;

/** The names of all volume sources. */
export function volumeSources(): readonly string[] {
  sources ??= fieldsOf('k8s.io/api/core/v1.VolumeSource').flatMap(({ json }) => json ?? []);
  return sources;
}

function defaultVolume(volume: ObjectValue): void {
  if (!volumeSources().some((source) => isObject(volume[source]))) volume['emptyDir'] = {};
}
