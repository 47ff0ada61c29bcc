import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { HostTree } from './host-tree.ts';
import type { Mount } from './mount.ts';

const emptyDirectories = ['usr', 'etc', 'proc', 'dev', 'sys', 'run', 'root', 'home', 'mnt', 'opt', 'srv'];
const varDirectories = ['cache', 'lib', 'log', 'spool'];
const overlaid = /^\/(usr|etc)\//;

/** Makes a fresh writable root for one run of a container. */
export function makeRootDirectory(root: string, host: HostTree): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const name of emptyDirectories) mkdirSync(join(root, name));
  for (const name of varDirectories) mkdirSync(join(root, 'var', name), { recursive: true });
  for (const name of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, name));
    chmodSync(join(root, name), 0o1777);
  }
  // Relative, so that it also resolves inside the tree while mounts are made from outside.
  symlinkSync('../run', join(root, 'var/run'));
  for (const [name, target] of host.links) symlinkSync(target, join(root, name));
  for (const path of host.directories) mkdirSync(join(root, path), { recursive: true });
}

/**
 * Makes something to mount on for every bind: in the root itself, or, below the read-only /usr and /etc, in a layer of
 * its own at `points` that is then laid over them.
 */
export function makeMountPoints(root: string, points: string, mounts: readonly Mount[]): void {
  rmSync(points, { recursive: true, force: true });
  for (const { source, target, type } of mounts) {
    if (type !== 'none' || target === '/') continue;
    const place = join(overlaid.test(target) ? points : root, target);
    if (statSync(place, { throwIfNoEntry: false }) !== undefined) continue;
    if (statSync(source).isDirectory()) {
      mkdirSync(place, { recursive: true });
    } else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, '');
    }
  }
}
