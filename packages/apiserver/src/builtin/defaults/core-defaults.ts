import { isObject, metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { mapAt, objectAt, textAt } from '../object-path.ts';
import { inheritLabels } from './batch-defaults.ts';
import { defaultService } from './service-defaults.ts';
import type { DefaultsTable } from './type-defaults.ts';

/** The core group but for pods and volumes. */
export const coreDefaults: DefaultsTable = {
  'core/v1.ReplicationController': { adjust: defaultReplicationController },
  'core/v1.ReplicationControllerSpec': { set: { replicas: 1 } },
  'core/v1.Service': { adjust: defaultService },
  'core/v1.EndpointPort': { set: { protocol: 'TCP' } },
  'core/v1.Secret': { set: { type: 'Opaque' } },
  'core/v1.Namespace': { adjust: labelWithName },
  'core/v1.NamespaceStatus': { set: { phase: 'Active' } },
  'core/v1.NodeStatus': { adjust: allocateCapacity },
  'core/v1.PersistentVolume': { adjust: defaultVolume },
  'core/v1.PersistentVolumeStatus': { set: { phase: 'Pending' } },
  'core/v1.PersistentVolumeClaim': { adjust: defaultClaimStatus },
  'core/v1.PersistentVolumeClaimSpec': { set: { volumeMode: 'Filesystem' } },
  'core/v1.LimitRangeItem': { adjust: defaultLimits },
};

/** Not of volumes that stand inside other objects. */
function defaultVolume(volume: ObjectValue): void {
  const spec = volume['spec'];
  if (!isObject(spec)) return;
  spec['persistentVolumeReclaimPolicy'] ||= 'Retain';
  spec['volumeMode'] ??= 'Filesystem';
}

/** Templates of claims have a status that says `Pending` too. */
function defaultClaimStatus(claim: ObjectValue): void {
  const status = claim['status'];
  if (isObject(status)) status['phase'] ||= 'Pending';
  else claim['status'] = { phase: 'Pending' };
}

function defaultReplicationController(controller: ObjectValue): void {
  const spec = controller['spec'];
  if (!isObject(spec)) return;
  const labels = mapAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (Object.keys(labels).length === 0) return;
  if (Object.keys(mapAt(spec, 'selector')).length === 0) spec['selector'] = { ...labels };
  inheritLabels(controller, spec);
}

/** A name to be generated is not known yet; `canonicalize` sets it then. */
export function labelWithName(namespace: ObjectValue): void {
  const metadata = metadataOf(namespace);
  const name = textAt(metadata, 'name');
  if (name === '') return;
  metadata['labels'] = { ...mapAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name };
}

function allocateCapacity(status: ObjectValue): void {
  if (isObject(status['capacity']) && !isObject(status['allocatable'])) {
    status['allocatable'] = { ...status['capacity'] };
  }
}

/** Of containers: max is the default limit, which is the default request, as is min. */
function defaultLimits(item: ObjectValue): void {
  if (item['type'] !== 'Container') return;
  const limits = { ...objectAt(item, 'max'), ...objectAt(item, 'default') };
  const requests = { ...objectAt(item, 'min'), ...limits, ...objectAt(item, 'defaultRequest') };
  if (Object.keys(limits).length > 0) item['default'] = limits;
  if (Object.keys(requests).length > 0) item['defaultRequest'] = requests;
}
