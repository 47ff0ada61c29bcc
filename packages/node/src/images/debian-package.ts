import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { findInIndex } from './debian-index.ts';
import type { PackageFile } from './debian-index.ts';
import { ImageError } from './image-error.ts';

/** A Debian package of an exact upstream version, and where it was when it was pinned. */
export interface DebianPackage {
  readonly name: string;
  /** The upstream version, `3.5.16`. */
  readonly upstream: string;
  /** The suite that has it, for when the pinned file has gone. */
  readonly suite: string;
  /** By Debian's name of the architecture. */
  readonly pinned: Readonly<Record<string, PackageFile>>;
}

/** A package unpacked in the cache. */
export interface UnpackedPackage {
  readonly version: string;
  readonly root: string;
}

export interface PackageSource {
  /** Holds one folder a package; shared by all clusters of a user. */
  readonly cacheDir: string;
  readonly mirror: () => Promise<string>;
  /** Told once for each download, with what is fetched. */
  readonly onDownload?: (what: string) => void;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'armhf',
  riscv64: 'riscv64',
};

/** Fetches and unpacks a package unless the cache has it; no root, no dpkg database. */
export async function unpackedPackage(wanted: DebianPackage, source: PackageSource): Promise<UnpackedPackage> {
  const root = join(source.cacheDir, 'packages', `${wanted.name}_${wanted.upstream}`);
  const cached = await readFile(join(root, '.version'), 'utf8').catch(() => undefined);
  if (cached !== undefined) return { version: cached, root };
  source.onDownload?.(`${wanted.name} ${wanted.upstream}`);
  const { file, content } = await fetchPackage(wanted, source);
  await unpack(content, file.version, root, source.cacheDir);
  return { version: file.version, root };
}

async function fetchPackage(
  wanted: DebianPackage,
  source: PackageSource,
): Promise<{ readonly file: PackageFile; readonly content: Uint8Array }> {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const mirror = await source.mirror();
  const pinned = wanted.pinned[architecture];
  const content = pinned && (await downloadIfThere(`${mirror}/${pinned.path}`));
  if (pinned && content) return { file: pinned, content: checked(content, pinned) };
  const file = await findInIndex(mirror, wanted.suite, { ...wanted, architecture }, download);
  return { file, content: checked(await download(`${mirror}/${file.path}`), file) };
}

function checked(content: Uint8Array, file: PackageFile): Uint8Array {
  const found = createHash('sha256').update(content).digest('hex');
  if (found === file.sha256) return content;
  throw new ImageError(
    'BAD_CHECKSUM',
    `${file.path} from the Debian mirror has checksum ${found}, not ${file.sha256}.`,
  );
}

/** The file's bytes, or undefined when the mirror does not have it. */
async function downloadIfThere(url: string): Promise<Uint8Array | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch((cause: unknown) => {
    throw new ImageError(
      'UNREACHABLE',
      `The Debian mirror cannot be reached (${url}). Check the network, or name another mirror with REEVE_DEBIAN_MIRROR.`,
      { cause },
    );
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new ImageError('UNREACHABLE', `The Debian mirror answered ${response.status} for ${url}.`);
  return new Uint8Array(await response.arrayBuffer());
}

async function download(url: string): Promise<Uint8Array> {
  const content = await downloadIfThere(url);
  if (content) return content;
  throw new ImageError(
    'UNREACHABLE',
    `The Debian mirror does not have ${url}. Name one that does with REEVE_DEBIAN_MIRROR.`,
  );
}

/** Unpacks beside the final place and renames, so that a half-unpacked tree is never taken for a whole one. */
async function unpack(content: Uint8Array, version: string, root: string, cacheDir: string): Promise<void> {
  const draft = `${root}.${process.pid}.part`;
  const deb = `${draft}.deb`;
  await mkdir(join(cacheDir, 'packages'), { recursive: true });
  try {
    await writeFile(deb, content);
    await runCommand('dpkg-deb', ['--extract', deb, draft]);
    await writeFile(join(draft, '.version'), version);
    await rename(draft, root);
  } catch (cause) {
    const isThere = await access(join(root, '.version')).then(
      () => true,
      () => false,
    );
    if (isThere) return; // another process was faster
    throw new ImageError('UNPACK_FAILED', `Cannot unpack into ${root}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(deb, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}
