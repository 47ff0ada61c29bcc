import { PersistentVolume, PersistentVolumeClaim } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { controller, watch } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { isOurs } from './directory-provisioner.ts';
import type { VolumeDirectories } from './directory-provisioner.ts';

const PROTECTION = 'kubernetes.io/pv-protection';

type Context = ReconcileContext<PersistentVolume, Stored<PersistentVolume>>;
type Phase = 'Available' | 'Bound' | 'Released' | 'Failed';

/** Keeps the phase of volumes, reclaims those whose claim has gone, and protects bound ones. */
export function volumeController(directories: VolumeDirectories): Controller {
  return controller(PersistentVolume, {
    name: 'persistentvolume-reclaimer',
    eventSource: legacySource('persistentvolume-controller'),
    watches: [
      watch(PersistentVolumeClaim, {
        map: ({ spec }) => (spec?.volumeName ? [{ namespace: '', name: spec.volumeName }] : []),
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['persistentvolumes', 'persistentvolumes/status'], verbs: ['patch', 'delete'] },
    ],
    async reconcile(context) {
      const { obj, read } = context;
      const ref = obj.spec?.claimRef;
      const claim = ref && read.get(PersistentVolumeClaim, { namespace: ref.namespace ?? '', name: ref.name ?? '' });
      const isClaimed = claim !== undefined && (ref?.uid === undefined || claim.metadata.uid === ref.uid);
      if (obj.metadata.deletionTimestamp !== undefined) return finish(context, directories, isClaimed);
      if (ref?.uid === undefined) return writePhase(context, 'Available');
      if (isClaimed) return writePhase(context, 'Bound');
      return reclaim(context);
    },
  });
}

async function reclaim(context: Context): Promise<void> {
  const { obj, client } = context;
  if (obj.spec?.persistentVolumeReclaimPolicy !== 'Delete') return writePhase(context, 'Released');
  await writePhase(context, 'Released');
  if (!isOurs(obj)) {
    const message = `error getting deleter volume plugin for volume "${obj.metadata.name}": no deletable volume plugin matched`;
    if (obj.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === undefined)
      await writePhase(context, 'Failed', message);
    return;
  }
  await client.of(PersistentVolume).delete(obj.metadata.name, { preconditions: { uid: obj.metadata.uid } });
}

/** The data goes before the object, so that a crash between the two leaves a volume to delete again, not a directory. */
async function finish({ obj, client }: Context, directories: VolumeDirectories, isClaimed: boolean): Promise<void> {
  const finalizers = obj.metadata.finalizers ?? [];
  if (isClaimed || !finalizers.includes(PROTECTION)) return;
  if (isOurs(obj) && obj.spec?.persistentVolumeReclaimPolicy === 'Delete') await directories.remove(obj.metadata.name);
  const merge = {
    metadata: {
      uid: obj.metadata.uid,
      resourceVersion: obj.metadata.resourceVersion,
      finalizers: finalizers.filter((other) => other !== PROTECTION),
    },
  };
  await client.of(PersistentVolume).patch(obj.metadata.name, { merge });
}

async function writePhase({ obj, client, event }: Context, phase: Phase, message?: string): Promise<void> {
  if (obj.status?.phase === phase || (phase === 'Released' && obj.status?.phase === 'Failed')) return;
  const status = { phase, ...(message === undefined ? {} : { message }) };
  await client.of(PersistentVolume).status.patch(obj.metadata.name, { merge: { status } });
  if (phase === 'Failed' && message !== undefined)
    event({ type: 'Warning', reason: 'VolumeFailedDelete', note: message });
}
