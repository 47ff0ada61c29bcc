import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Image } from '../images/image.ts';
import type { HostTree } from './host-tree.ts';
import { bind, overlay } from './mount.ts';
import type { Mount } from './mount.ts';

/** Host directories that a container's own tree is made of. */
export interface RootSources {
  readonly host: HostTree;
  readonly image: Image;
  /** The container's writable root directory. */
  readonly root: string;
  /** Empty files and directories to mount on, for targets below the read-only /usr and /etc. */
  readonly points: string;
  /** The pod's `hosts`, `resolv.conf` and `hostname`: laid over /etc. */
  readonly podEtc: string;
  /** Prepared device nodes, shared by all containers. */
  readonly devices: string;
}

const device = (type: string, target: string, options: readonly string[]): Mount => ({
  source: type,
  target,
  type,
  options: [...options, 'X-mount.mkdir'],
});

/**
 * The mounts of a container's tree, in order: a writable root, the host's programs read-only with the image's files
 * over them, /proc, /dev, and whatever else the image brings.
 */
export function rootMounts({ host, image, root, points, podEtc, devices }: RootSources): readonly Mount[] {
  return [
    bind(root, '/', false),
    programs(image, points),
    ...host.directories.map((path) => bind(path, path, true)),
    overlay([host.etc, ...layersWith(image, 'etc'), ...existing([join(points, 'etc')]), podEtc], '/etc'),
    device('proc', '/proc', ['nosuid', 'nodev', 'noexec']),
    bind(devices, '/dev', true),
    device('devpts', '/dev/pts', ['newinstance', 'ptmxmode=0666', 'mode=620']),
    device('tmpfs', '/dev/shm', ['nosuid', 'nodev', 'mode=1777', 'size=64m']),
    ...imageBinds(image),
  ];
}

/** The host directories that an image shows inside. */
export function imageBinds({ binds, caches = [] }: Image): readonly Mount[] {
  return [
    ...binds.map(([from, to]) => bind(from, to, true)),
    ...caches.filter(([from]) => existsSync(from)).map(([from, to]) => bind(from, to, false)),
  ];
}

function programs(image: Image, points: string): Mount {
  const layers = [...layersWith(image, 'usr'), ...existing([join(points, 'usr')])];
  return layers.length === 0 ? bind('/usr', '/usr', true) : overlay(['/usr', ...layers], '/usr');
}

function layersWith(image: Image, name: string): readonly string[] {
  return existing(image.layers.map((layer) => join(layer, name)));
}

function existing(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => existsSync(path));
}
