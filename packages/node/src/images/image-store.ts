import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readAdditions } from './additions.ts';
import type { Addition } from './additions.ts';
import { ETCD_REPOSITORIES, etcdPrograms, ownImages } from './catalogue.ts';
import type { Program } from './catalogue.ts';
import { debianMirror } from './debian-mirror.ts';
import { unpackedPackage } from './debian-package.ts';
import type { PackageSource, UnpackedPackage } from './debian-package.ts';
import { ImageError } from './image-error.ts';
import type { Image, ImageStore } from './image.ts';

/** Plain data, so that it can be handed to another process. */
export interface ImageStoreOptions {
  /** Where packages are unpacked and the user's additions are kept. */
  readonly cacheDir: string;
  /** The checkout whose operators run as images. */
  readonly checkoutDir: string;
  /** The Node 24 binary for the operators' images. */
  readonly nodeBinary: string;
  readonly onDownload?: (what: string) => void;
}

/** The folder that holds fetched programs: `REEVE_CACHE`, else `reeve` in the user's cache folder (XDG base directories). */
export function cacheDirOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['REEVE_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? '/tmp', '.cache'), 'reeve');
}

/** The file of the user's own images. */
export const additionsFileOf = (cacheDir: string): string => join(cacheDir, 'images.json');

export function packageSource(options: Pick<ImageStoreOptions, 'cacheDir' | 'onDownload'>): PackageSource {
  return { ...options, mirror: () => debianMirror(process.env) };
}

/** Finds images in the catalogue, among this checkout's operators and among what the user added. */
export function createImageStore(options: ImageStoreOptions): ImageStore {
  const pulls = new Map<string, Promise<Image>>();
  const pull = async (reference: string): Promise<Image> => {
    const additions = await readAdditions(additionsFileOf(options.cacheDir));
    const added = additions.find((addition) => addition.reference === reference);
    if (added) return addedImage(added, options);
    const own = ownImages[reference];
    if (own !== undefined) return ownImage(reference, own, options);
    const program = etcdOf(reference);
    if (program) return programImage(reference, program, options);
    throw unknownReference(reference);
  };
  return {
    pull(reference) {
      const running = pulls.get(reference);
      if (running) return running;
      const started = pull(reference).finally(() => pulls.delete(reference));
      pulls.set(reference, started);
      return started;
    },
  };
}

/** Everything that can be pulled without an addition. */
export function catalogueReferences(): readonly string[] {
  const etcd = ETCD_REPOSITORIES.flatMap((repository) =>
    Object.keys(etcdPrograms).map((version) => `${repository}:v${version}`),
  );
  return [...etcd, ...Object.keys(ownImages)];
}

function etcdOf(reference: string): Program | undefined {
  const repository = ETCD_REPOSITORIES.find((name) => reference.startsWith(`${name}:v`));
  return repository === undefined ? undefined : etcdPrograms[reference.slice(repository.length + 2)];
}

async function programImage(reference: string, program: Program, options: ImageStoreOptions): Promise<Image> {
  const unpacked = await Promise.all(program.packages.map((wanted) => unpackedPackage(wanted, packageSource(options))));
  return imageOf(reference, program.packages[0]?.name ?? '', unpacked, [`/${program.binary}`]);
}

function imageOf(
  reference: string,
  name: string,
  unpacked: readonly UnpackedPackage[],
  entrypoint: readonly string[],
): Image {
  return {
    reference,
    id: `deb://${name}@${unpacked[0]?.version ?? ''}`,
    layers: unpacked.map(({ root }) => root),
    binds: [],
    entrypoint,
    cmd: [],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    workingDir: '/',
  };
}

/** Node checks compiled code against its source, so that a changed checkout needs no clearing of the cache. */
function ownImage(reference: string, program: string, options: ImageStoreOptions): Image {
  const { checkoutDir, nodeBinary, cacheDir } = options;
  const compiled = join(cacheDir, 'compiled-images');
  mkdirSync(compiled, { recursive: true });
  return {
    reference,
    id: `checkout://${program}`,
    layers: [],
    binds: [
      [checkoutDir, '/reeve'],
      [nodeBinary, '/opt/node'],
    ],
    caches: [[compiled, '/opt/compiled']],
    entrypoint: ['/opt/node', '--max-semi-space-size=4', '--conditions=@reeve/source', `/reeve/${program}`],
    cmd: [],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: '/opt/compiled',
      // By default each thread of Node keeps freed memory for itself.
      MALLOC_ARENA_MAX: '2',
    },
    workingDir: '/reeve',
  };
}

async function addedImage(addition: Addition, options: ImageStoreOptions): Promise<Image> {
  if ('rootfs' in addition) {
    const image = imageOf(addition.reference, '', [{ version: '', root: addition.rootfs }], addition.entrypoint);
    return { ...image, id: `rootfs://${addition.rootfs}`, binds: await ownFolders(addition.rootfs) };
  }
  const [name = '', upstream = ''] = addition.deb.split('=');
  const wanted = { name, upstream, suite: addition.suite, pinned: {} };
  const unpacked = await unpackedPackage(wanted, packageSource(options));
  return imageOf(addition.reference, name, [unpacked], addition.entrypoint);
}

function unknownReference(reference: string): ImageError {
  return new ImageError(
    'UNKNOWN_REFERENCE',
    `"${reference}" is not in the local cluster's catalogue. Pods run as local processes here: add it with ` +
      `"reeve images add ${reference} --deb NAME=VERSION" or "--rootfs DIR". "reeve images" lists what there is.`,
  );
}

/** Folders that every container has from the host or of its own: an image's `usr` and `etc` are laid over these. */
const COMMON_FOLDERS = new Set([
  'usr',
  'etc',
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'proc',
  'dev',
  'sys',
  'run',
  'tmp',
  'var',
]);

/** The other folders of a root file system, such as `opt` or `app`, shown read-only where they are. */
async function ownFolders(rootfs: string): Promise<Image['binds']> {
  const entries = await readdir(rootfs, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !COMMON_FOLDERS.has(entry.name))
    .map(({ name }) => [join(rootfs, name), `/${name}`] as const);
}
