import { compareQuantities, labelRequirements, matchesLabels } from '@reeve/api';
import type { PersistentVolume, PersistentVolumeClaim } from '@reeve/api/core/v1';

/**
 * The volume that a claim is bound to, from those there are: the one that names the claim, else the smallest free one
 * that fits in size, modes, class and selector.
 */
export function volumeFor<V extends PersistentVolume>(
  claim: PersistentVolumeClaim,
  volumes: readonly V[],
): V | undefined {
  const reserved = volumes.find((volume) => refersTo(volume, claim));
  if (reserved) return reserved;
  return volumes
    .filter((volume) => isFree(volume) && fits(volume, claim))
    .toSorted((a, b) => compareQuantities(capacityOf(a), capacityOf(b)))[0];
}

/** Whether the volume is bound to, or set aside for, this very claim. */
export function refersTo({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const ref = spec?.claimRef;
  if (ref?.name !== metadata?.name || ref?.namespace !== metadata?.namespace) return false;
  return ref?.uid === undefined || ref.uid === metadata?.uid;
}

function isFree({ spec, status, metadata }: PersistentVolume): boolean {
  return spec?.claimRef === undefined && metadata?.deletionTimestamp === undefined && status?.phase === 'Available';
}

function fits(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  const modes = volume.spec?.accessModes ?? [];
  const selector = spec?.selector;
  return (
    compareQuantities(capacityOf(volume), String(spec?.resources?.requests?.['storage'] ?? '0')) >= 0 &&
    (spec?.accessModes ?? []).every((mode) => modes.includes(mode)) &&
    (spec?.volumeMode ?? 'Filesystem') === (volume.spec?.volumeMode ?? 'Filesystem') &&
    (spec?.storageClassName ?? '') === (volume.spec?.storageClassName ?? '') &&
    (selector === undefined || matchesLabels(labelRequirements(selector), volume.metadata?.labels ?? {}))
  );
}

function capacityOf({ spec }: PersistentVolume): string {
  return String(spec?.capacity?.['storage'] ?? '0');
}
