import { itemsOf, mapAt, maybeObject, objectAt, textAt, textsAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { ageColumn, booleanCell, countCell, nameColumn, textCell } from './cells.ts';
import { joined, storageClassName } from './cluster-printers.ts';
import { boolean, integer, text, wide } from './column.ts';
import type { PrinterTable } from './printer.ts';

/** Volumes, claims, classes, drivers and devices. */
export const storagePrinters: PrinterTable = {
  PersistentVolume: {
    columns: [
      nameColumn,
      text('Capacity', textCell('spec.capacity.storage', '0')),
      text('Access Modes', (volume) => accessModes(objectAt(volume, 'spec'))),
      text('Reclaim Policy', textCell('spec.persistentVolumeReclaimPolicy')),
      text('Status', phase),
      text('Claim', claimReference),
      text('StorageClass', storageClass),
      text('VolumeAttributesClass', textCell('spec.volumeAttributesClassName', '<unset>')),
      text('Reason', textCell('status.reason')),
      ageColumn,
      wide('VolumeMode', textCell('spec.volumeMode', '<unset>')),
    ],
  },
  PersistentVolumeClaim: {
    columns: [
      nameColumn,
      text('Status', phase),
      text('Volume', textCell('spec.volumeName')),
      text('Capacity', (claim) => (isBound(claim) ? claimCapacity(claim) : '')),
      text('Access Modes', (claim) => (isBound(claim) ? accessModes(objectAt(claim, 'status')) : '')),
      text('StorageClass', storageClass),
      text('VolumeAttributesClass', textCell('spec.volumeAttributesClassName', '<unset>')),
      ageColumn,
      wide('VolumeMode', textCell('spec.volumeMode', '<unset>')),
    ],
  },
  'storage.k8s.io/StorageClass': {
    columns: [
      { ...nameColumn, cell: storageClassName },
      text('Provisioner', textCell('provisioner')),
      text('ReclaimPolicy', textCell('reclaimPolicy', 'Delete')),
      text('VolumeBindingMode', textCell('volumeBindingMode', 'Immediate')),
      text('AllowVolumeExpansion', booleanCell('allowVolumeExpansion')),
      ageColumn,
    ],
  },
  'storage.k8s.io/VolumeAttributesClass': {
    columns: [nameColumn, text('DriverName', textCell('driverName')), ageColumn],
  },
  'storage.k8s.io/VolumeAttachment': {
    columns: [
      nameColumn,
      { ...text('Attacher', textCell('spec.attacher')), format: 'name' },
      text('PV', textCell('spec.source.persistentVolumeName')),
      text('Node', textCell('spec.nodeName')),
      boolean('Attached', booleanCell('status.attached')),
      ageColumn,
    ],
  },
  'storage.k8s.io/CSINode': { columns: [nameColumn, integer('Drivers', countCell('spec.drivers')), ageColumn] },
  'storage.k8s.io/CSIDriver': {
    columns: [
      nameColumn,
      boolean('AttachRequired', booleanCell('spec.attachRequired', true)),
      boolean('PodInfoOnMount', booleanCell('spec.podInfoOnMount')),
      boolean('StorageCapacity', booleanCell('spec.storageCapacity')),
      text('TokenRequests', tokenAudiences),
      boolean('RequiresRepublish', booleanCell('spec.requiresRepublish')),
      text('Modes', (driver) => joined(objectAt(driver, 'spec'), 'volumeLifecycleModes') || '<none>'),
      ageColumn,
    ],
  },
  'storage.k8s.io/CSIStorageCapacity': {
    columns: [
      nameColumn,
      text('StorageClassName', textCell('storageClassName')),
      text('Capacity', textCell('capacity', '<unset>')),
    ],
  },
  'resource.k8s.io/DeviceClass': { columns: [nameColumn, ageColumn] },
  'resource.k8s.io/ResourceClaim': { columns: [nameColumn, text('State', claimState), ageColumn] },
  'resource.k8s.io/ResourceClaimTemplate': { columns: [nameColumn, ageColumn] },
  'resource.k8s.io/ResourceSlice': {
    columns: [
      nameColumn,
      text('Node', textCell('spec.nodeName')),
      text('Driver', textCell('spec.driver')),
      text('Pool', textCell('spec.pool.name')),
      ageColumn,
    ],
  },
};

const modeNames = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

function accessModes(part: ObjectValue): string {
  const modes = new Set(textsAt(part, 'accessModes'));
  return modeNames
    .filter(([mode]) => modes.has(mode))
    .map(([, short]) => short)
    .join(',');
}

function phase(object: ObjectValue): string {
  return metadataOf(object)['deletionTimestamp'] === undefined
    ? textAt(objectAt(object, 'status'), 'phase')
    : 'Terminating';
}

function claimReference(volume: ObjectValue): string {
  const claim = maybeObject(objectAt(volume, 'spec'), 'claimRef');
  return claim === undefined ? '' : `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`;
}

function storageClass(object: ObjectValue): string {
  const annotation = mapAt(metadataOf(object), 'annotations')['volume.beta.kubernetes.io/storage-class'];
  return annotation ?? textAt(objectAt(object, 'spec'), 'storageClassName');
}

const isBound = (claim: ObjectValue): boolean => textAt(objectAt(claim, 'spec'), 'volumeName') !== '';

function claimCapacity(claim: ObjectValue): string {
  return mapAt(objectAt(claim, 'status'), 'capacity')['storage'] ?? '0';
}

function tokenAudiences(driver: ObjectValue): string {
  const requests = itemsOf(objectAt(driver, 'spec'), 'tokenRequests');
  return requests.length === 0 ? '<unset>' : requests.map((request) => textAt(request, 'audience')).join(',');
}

function claimState(claim: ObjectValue): string {
  const isDeleted = metadataOf(claim)['deletionTimestamp'] !== undefined;
  const status = objectAt(claim, 'status');
  const deleted = isDeleted ? ['deleted'] : [];
  if (maybeObject(status, 'allocation') === undefined) return [...deleted, ...(isDeleted ? [] : ['pending'])].join(',');
  const reserved = itemsOf(status, 'reservedFor').length > 0 ? ['reserved'] : [];
  return [...deleted, 'allocated', ...reserved].join(',');
}
