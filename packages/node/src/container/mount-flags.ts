import { readFileSync } from 'node:fs';

import type { Mount } from './mount.ts';

/** A mount point of this mount namespace, with its per-mount flags: `nosuid`, `nodev`, `relatime` … */
export interface MountPoint {
  readonly path: string;
  readonly flags: readonly string[];
}

/** The mount points of this process, from /proc (proc(5)). */
export function readMountPoints(): readonly MountPoint[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** Adds to read-only binds the flags that they must keep. */
export function keepFlags(mounts: readonly Mount[], points: readonly MountPoint[]): readonly Mount[] {
  return mounts.map((mount) => {
    const isReadOnlyBind = mount.type === 'none' && mount.options.includes('ro');
    return isReadOnlyBind ? { ...mount, options: [...mount.options, ...flagsAt(mount.source, points)] } : mount;
  });
}

export function parseMountInfo(text: string): readonly MountPoint[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, , , , path = '/', options = ''] = line.split(' ');
      return { path: unescape(path), flags: options.split(',').filter((flag) => flag !== 'rw' && flag !== 'ro') };
    });
}

/**
 * The flags that a read-only bind of `path` must repeat: in a user namespace, flags that came from the host are locked,
 * and a remount that would drop one fails with EPERM (mount_namespaces(7)).
 */
export function flagsAt(path: string, points: readonly MountPoint[]): readonly string[] {
  let best: MountPoint | undefined;
  for (const point of points) {
    const covers = point.path === '/' || path === point.path || path.startsWith(`${point.path}/`);
    if (covers && point.path.length >= (best?.path.length ?? 0)) best = point;
  }
  return best?.flags ?? [];
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
