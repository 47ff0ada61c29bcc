import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { HostTree } from './host-tree.ts';
import type { Mount } from './mount.ts';

const emptyDirectories = ['usr', 'etc', 'proc', 'dev', 'sys', 'run', 'root', 'home', 'mnt', 'opt', 'srv'];
const varDirectories = ['cache', 'lib', 'log', 'spool'];

/** Makes a fresh writable root for one run of a container, with a place for each of its mounts. */
export function makeRootDirectory(root: string, host: HostTree, mounts: readonly Mount[]): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const name of emptyDirectories) mkdirSync(join(root, name));
  for (const name of varDirectories) mkdirSync(join(root, 'var', name), { recursive: true });
  for (const name of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, name));
    chmodSync(join(root, name), 0o1777);
  }
  symlinkSync('/run', join(root, 'var/run'));
  for (const [name, target] of host.links) symlinkSync(target, join(root, name));
  for (const path of host.directories) mkdirSync(join(root, path), { recursive: true });
  for (const mount of mounts) makeMountPoint(root, mount);
}

// Below a read-only tree (/usr, /etc) or a volume nothing can be made here; the mount then says what is missing.
function makeMountPoint(root: string, { source, target, type }: Mount): void {
  if (type !== 'none' || target === '/') return;
  const place = join(root, target);
  if (statSync(place, { throwIfNoEntry: false }) !== undefined) return;
  if (statSync(source).isDirectory()) {
    mkdirSync(place, { recursive: true });
  } else {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, '');
  }
}
