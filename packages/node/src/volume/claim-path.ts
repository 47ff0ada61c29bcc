import { mkdirSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

import type { HostPathVolumeSource } from '@reeve/api/core/v1';

import type { ObjectSource } from '../cache/object-source.ts';
import { NodeError } from '../node-error.ts';

/** The directory behind a claim: its volume must be a directory of the cluster's. */
export async function claimPath(
  namespace: string,
  name: string,
  objects: ObjectSource,
  dataDir: string,
): Promise<string> {
  const claim = await objects.claim(namespace, name);
  if (claim === undefined) throw new NodeError('InvalidPod', `persistentvolumeclaim "${name}" not found`);
  const volumeName = claim.spec?.volumeName;
  if (volumeName === undefined || volumeName === '' || claim.status?.phase !== 'Bound') {
    throw new NodeError('InvalidPod', `persistentvolumeclaim "${name}" is not bound yet`);
  }
  const volume = await objects.volume(volumeName);
  if (volume === undefined) throw new NodeError('InvalidPod', `persistentvolume "${volumeName}" not found`);
  const { hostPath, local, volumeMode } = volume.spec ?? {};
  if (volumeMode === 'Block')
    throw new NodeError('InvalidPod', `persistentvolume "${volumeName}": process nodes have no block volumes`);
  if (hostPath !== undefined) return hostDirectory(hostPath, dataDir);
  if (local !== undefined) return hostDirectory({ path: local.path, type: 'Directory' }, dataDir);
  throw new NodeError(
    'InvalidPod',
    `persistentvolume "${volumeName}": process nodes support only hostPath and local volumes`,
  );
}

/** A host directory, which must lie below the cluster's own. */
export function hostDirectory({ path, type = '' }: HostPathVolumeSource, dataDir: string): string {
  const place = resolve(path);
  const inside = relative(dataDir, place);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new NodeError(
      'InvalidPod',
      `hostPath ${path} is outside the cluster's directory ${dataDir}: pods may only use what is below it`,
    );
  }
  if (type === 'DirectoryOrCreate' || type === '') mkdirSync(place, { recursive: true });
  return place;
}
