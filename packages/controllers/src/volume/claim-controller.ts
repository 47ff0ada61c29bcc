import { compareQuantities } from '@reeve/api';
import { PersistentVolume, PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import { StorageClass } from '@reeve/api/storage/v1';
import type { Stored } from '@reeve/kube';
import { isAlreadyExists } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { SELECTED_NODE } from '../scheduler/scheduler.ts';
import { isOurs, PROVISIONER, provisionedVolume, volumeNameOf } from './directory-provisioner.ts';
import type { VolumeDirectories } from './directory-provisioner.ts';
import { refersTo, volumeFor } from './volume-match.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const PROVISIONER_ANNOTATION = 'volume.kubernetes.io/storage-provisioner';
const BETA_PROVISIONER_ANNOTATION = 'volume.beta.kubernetes.io/storage-provisioner';
/** The class of volumes that people make by hand. */
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

type Context = ReconcileContext<PersistentVolumeClaim, Stored<PersistentVolumeClaim>>;

/** Binds claims to volumes, makes volumes for them, and keeps a claim while a pod uses it. */
export function claimController(directories: VolumeDirectories): Controller {
  return controller(PersistentVolumeClaim, {
    name: 'persistentvolume-binder',
    eventSource: legacySource('persistentvolume-controller'),
    watches: [
      watch(PersistentVolume, {
        map: ({ metadata, spec }, { read }) =>
          spec?.claimRef
            ? [{ namespace: spec.claimRef.namespace ?? '', name: spec.claimRef.name ?? '' }]
            : read
                .list(PersistentVolumeClaim)
                .filter((claim) => !claim.spec?.volumeName || claim.spec.volumeName === metadata.name)
                .map(keyOf),
      }),
      watch(Pod, {
        map: ({ metadata, spec }) =>
          (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
            persistentVolumeClaim
              ? [{ namespace: metadata.namespace ?? '', name: persistentVolumeClaim.claimName }]
              : [],
          ),
        when: ({ type }) => type === 'deleted',
      }),
    ],
    reads: [StorageClass],
    permissions: [
      {
        apiGroups: [''],
        resources: ['persistentvolumeclaims', 'persistentvolumeclaims/status'],
        verbs: ['patch', 'update'],
      },
      { apiGroups: [''], resources: ['persistentvolumes', 'persistentvolumes/status'], verbs: ['create', 'patch'] },
    ],
    async reconcile(context) {
      const { obj } = context;
      if (obj.metadata.deletionTimestamp !== undefined) return release(context);
      if (obj.spec?.volumeName) return settle(context, obj.spec.volumeName);
      return bindOrProvision(context, directories);
    },
  });
}

/** Lets a deleted claim go once no pod on a node uses it. */
async function release({ obj, read, client }: Context): Promise<void> {
  const { namespace = '', name, finalizers = [] } = obj.metadata;
  if (!finalizers.includes(PROTECTION)) return;
  const users = read
    .list(Pod, { namespace })
    .filter(
      (pod) =>
        pod.spec?.nodeName && pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name),
    );
  if (users.length > 0) return;
  const merge = {
    metadata: {
      uid: obj.metadata.uid,
      resourceVersion: obj.metadata.resourceVersion,
      finalizers: finalizers.filter((other) => other !== PROTECTION),
    },
  };
  await client.of(PersistentVolumeClaim).in(namespace).patch(name, { merge });
}

async function bindOrProvision(context: Context, directories: VolumeDirectories): Promise<void> {
  const { obj, read, client } = context;
  const storageClass = read.get(StorageClass, { namespace: '', name: obj.spec?.storageClassName ?? '' });
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  const node = waits ? obj.metadata.annotations?.[SELECTED_NODE] : undefined;
  const volumes = read.list(PersistentVolume);
  const volume = volumeFor(obj, waits && node === undefined ? volumes.filter((one) => refersTo(one, obj)) : volumes);
  if (volume) return bind(context, volume);
  if (waits && node === undefined) {
    context.event({ reason: 'WaitForFirstConsumer', note: 'waiting for first consumer to be created before binding' });
    return undefined;
  }
  if (storageClass?.provisioner !== PROVISIONER) return leaveToOthers(context, storageClass);
  const name = volumeNameOf(obj);
  await directories.create(name);
  const made = await client
    .of(PersistentVolume)
    .create(provisionedVolume(obj, storageClass, { path: directories.pathOf(name), node }))
    .catch((error: unknown) => {
      if (isAlreadyExists(error)) return client.of(PersistentVolume).get(name);
      throw error;
    });
  context.event({ reason: 'ProvisioningSucceeded', note: `Successfully provisioned volume ${name}` });
  await bind(context, made);
}

/** Points volume and claim at each other; either half may already be there. */
async function bind(context: Context, volume: Stored<PersistentVolume>): Promise<void> {
  const { obj, client } = context;
  const { namespace = '', name, uid } = obj.metadata;
  if (volume.spec?.claimRef?.uid !== uid) {
    const claimRef = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      namespace,
      name,
      uid,
      resourceVersion: obj.metadata.resourceVersion,
    };
    const annotations = volume.spec?.claimRef ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
    const merge = { metadata: { resourceVersion: volume.metadata.resourceVersion, annotations }, spec: { claimRef } };
    await client.of(PersistentVolume).patch(volume.metadata.name, { merge });
  }
  if (volume.status?.phase !== 'Bound') {
    const merge = { status: { phase: 'Bound' } };
    await client.of(PersistentVolume).status.patch(volume.metadata.name, { merge });
  }
  const annotations = { [BIND_COMPLETED]: 'yes', ...(obj.spec?.volumeName ? {} : { [BOUND_BY_CONTROLLER]: 'yes' }) };
  await client
    .of(PersistentVolumeClaim)
    .in(namespace)
    .patch(name, { merge: { metadata: { uid, annotations }, spec: { volumeName: volume.metadata.name } } });
  await writeBound(context, volume);
}

/** Brings the status of a claim that names its volume up to date. */
async function settle(context: Context, volumeName: string): Promise<void> {
  const { obj, read } = context;
  const volume = read.get(PersistentVolume, { namespace: '', name: volumeName });
  const isLost = obj.metadata.annotations?.[BIND_COMPLETED] !== undefined && (!volume || !refersTo(volume, obj));
  if (isLost) return writePhase(context, 'Lost');
  if (!volume) return writePhase(context, 'Pending');
  if (volume.spec?.claimRef?.uid === obj.metadata.uid && obj.metadata.annotations?.[BIND_COMPLETED] !== undefined) {
    return writeBound(context, await grown(context, volume));
  }
  if (volume.spec?.claimRef === undefined || refersTo(volume, obj)) return bind(context, volume);
  return writePhase(context, 'Pending');
}

/** A directory has no size of its own: the volume of a claim that asks for more simply says so. */
async function grown(
  { obj, client, event }: Context,
  volume: Stored<PersistentVolume>,
): Promise<Stored<PersistentVolume>> {
  const storage = String(obj.spec?.resources?.requests?.['storage'] ?? '0');
  if (!isOurs(volume) || compareQuantities(storage, String(volume.spec?.capacity?.['storage'] ?? '0')) <= 0)
    return volume;
  const merge = { spec: { capacity: { storage } } };
  const larger = await client.of(PersistentVolume).patch(volume.metadata.name, { merge });
  event({ reason: 'FileSystemResizeSuccessful', note: `The volume now has ${storage}` });
  return larger;
}

async function writeBound({ obj, client }: Context, { spec }: Stored<PersistentVolume>): Promise<void> {
  const capacity = spec?.capacity ?? {};
  if (obj.status?.phase === 'Bound' && String(obj.status.capacity?.['storage']) === String(capacity['storage'])) return;
  const status = { phase: 'Bound', accessModes: spec?.accessModes ?? [], capacity };
  const { namespace = '', name } = obj.metadata;
  await client.of(PersistentVolumeClaim).in(namespace).status.patch(name, { merge: { status } });
}

async function writePhase({ obj, client, event }: Context, phase: 'Pending' | 'Lost'): Promise<void> {
  if (obj.status?.phase === phase) return;
  const { namespace = '', name } = obj.metadata;
  await client
    .of(PersistentVolumeClaim)
    .in(namespace)
    .status.patch(name, { merge: { status: { phase } } });
  if (phase === 'Lost')
    event({
      type: 'Warning',
      reason: 'ClaimLost',
      note: 'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    });
}

/** No volume fits and none is made here: says whose turn it is. */
async function leaveToOthers(context: Context, storageClass: Stored<StorageClass> | undefined): Promise<void> {
  const { obj, event } = context;
  const name = obj.spec?.storageClassName ?? '';
  if (name === '') {
    event({
      reason: 'FailedBinding',
      note: 'no persistent volumes available for this claim and no storage class is set',
    });
  } else if (!storageClass) {
    event({ type: 'Warning', reason: 'ProvisioningFailed', note: `storageclass.storage.k8s.io "${name}" not found` });
  } else if (storageClass.provisioner !== NO_PROVISIONER) {
    await nameProvisioner(context, storageClass.provisioner);
    event({
      reason: 'ExternalProvisioning',
      note: `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    });
  }
}

/** External provisioners make volumes for claims that name them in these annotations. */
async function nameProvisioner({ obj, client }: Context, provisioner: string): Promise<void> {
  if (obj.metadata.annotations?.[PROVISIONER_ANNOTATION] === provisioner) return;
  const annotations = { [PROVISIONER_ANNOTATION]: provisioner, [BETA_PROVISIONER_ANNOTATION]: provisioner };
  const { namespace = '', name, uid } = obj.metadata;
  await client
    .of(PersistentVolumeClaim)
    .in(namespace)
    .patch(name, { merge: { metadata: { uid, annotations } } });
}
