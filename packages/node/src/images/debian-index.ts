import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { ImageError } from './image-error.ts';

/** Where one .deb is: its path below the mirror, its checksum and its exact version. */
export interface PackageFile {
  readonly version: string;
  readonly path: string;
  readonly sha256: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Looks a package up in a suite's signed index: InRelease is checked with Debian's archive keys, the list of packages
 * against InRelease. Slow (the lists are about 10 MB), so only used when a pinned file has gone from the pool.
 */
export async function findInIndex(
  mirror: string,
  suite: string,
  wanted: { readonly name: string; readonly upstream: string; readonly architecture: string },
  download: (url: string) => Promise<Uint8Array>,
): Promise<PackageFile> {
  const release = await verified(await download(`${mirror}/dists/${suite}/InRelease`));
  const list = `main/binary-${wanted.architecture}/Packages.xz`;
  const checksum = checksumOf(release, list);
  const packed = checksum && (await download(`${mirror}/dists/${suite}/${list}`));
  if (!packed || createHash('sha256').update(packed).digest('hex') !== checksum) {
    throw new ImageError('BAD_CHECKSUM', `The package list of Debian ${suite} does not match its signed checksum.`);
  }
  const found = newestRevision(await unxz(packed), wanted.name, wanted.upstream);
  if (found) return found;
  throw new ImageError(
    'NOT_IN_INDEX',
    `Debian ${suite} no longer has ${wanted.name} ${wanted.upstream}. Name a mirror that does with REEVE_DEBIAN_MIRROR.`,
  );
}

/** The SHA-256 that a Release file gives for one of its files. */
export function checksumOf(release: string, file: string): string | undefined {
  const section = release.slice(release.indexOf('\nSHA256:'));
  const line = section.split('\n').find((text) => text.endsWith(` ${file}`));
  return line?.trim().split(/\s+/)[0];
}

/** The last listed revision of one upstream version: `3.5.16` matches `3.5.16-4` but not `3.5.160-1`. */
export function newestRevision(list: string, name: string, upstream: string): PackageFile | undefined {
  const stanzas = list.split('\n\n').filter((stanza) => stanza.startsWith(`Package: ${name}\n`));
  const files = stanzas.map((stanza) => ({
    version: fieldOf(stanza, 'Version'),
    path: fieldOf(stanza, 'Filename'),
    sha256: fieldOf(stanza, 'SHA256'),
  }));
  return files.findLast(({ version }) => version.replace(/^\d+:/, '').replace(/[-+].*$/, '') === upstream);
}

function fieldOf(stanza: string, field: string): string {
  return new RegExp(`^${field}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
}

async function verified(signed: Uint8Array): Promise<string> {
  return inTemporaryFile('InRelease', signed, (file) =>
    runCommand('gpgv', ['--quiet', '--keyring', KEYRING, '--output', '-', file]).catch((cause: unknown) => {
      throw new ImageError('BAD_CHECKSUM', 'The signature of the Debian mirror could not be verified.', { cause });
    }),
  );
}

function unxz(packed: Uint8Array): Promise<string> {
  return inTemporaryFile('Packages.xz', packed, (file) => runCommand('xz', ['-dc', file]));
}

async function inTemporaryFile<T>(name: string, content: Uint8Array, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-'));
  try {
    const file = join(folder, name);
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
