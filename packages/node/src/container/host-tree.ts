import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of the host's file system that every container sees, found once when the agent starts. */
export interface HostTree {
  /** Links such as `/bin -> usr/bin` on a merged-/usr host: [name, what it points to]. */
  readonly links: readonly (readonly [string, string])[];
  /** Top directories that are bound read-only beside `/usr`: `/lib` on a host without merged /usr. */
  readonly directories: readonly string[];
  /** A small `/etc`: what programs need to resolve names, users and certificates; none of the host's secrets. */
  readonly etc: string;
}

const topNames = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** What of the host's /etc is copied: no passwords, keys or host configuration. */
const etcNames = [
  'alternatives',
  'ca-certificates',
  'group',
  'host.conf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'passwd',
  'pki',
  'protocols',
  'rpc',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
];

const nsswitch = 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n';

/** Looks at the host, and copies the small /etc to `runDir`. */
export function readHostTree(runDir: string): HostTree {
  const links: [string, string][] = [];
  const directories: string[] = [];
  for (const name of topNames) {
    const stat = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() === true) links.push([name, readlinkSync(`/${name}`)]);
    else if (stat?.isDirectory() === true) directories.push(`/${name}`);
  }
  const etc = join(runDir, 'etc');
  mkdirSync(etc, { recursive: true });
  for (const name of etcNames) copyReadable(join('/etc', name), join(etc, name));
  writeFileSync(join(etc, 'nsswitch.conf'), nsswitch);
  return { links, directories, etc };
}

// A directory may hold files that only root can read; those are left out.
function copyReadable(from: string, to: string): void {
  if (!existsSync(from)) return;
  try {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  } catch {
    if (lstatSync(from).isDirectory()) {
      for (const name of readdirSync(from)) copyReadable(join(from, name), join(to, name));
    }
  }
}
