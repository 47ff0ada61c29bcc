import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { ImageError } from './image-error.ts';

/** An image that the user added: a folder with a root file system, or a Debian package of one version. */
export type Addition =
  | { readonly reference: string; readonly rootfs: string; readonly entrypoint: readonly string[] }
  | {
      readonly reference: string;
      readonly deb: string;
      readonly suite: string;
      readonly entrypoint: readonly string[];
    };

/** The user's own images, kept in one JSON file. */
export async function readAdditions(file: string): Promise<readonly Addition[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  try {
    return JSON.parse(text) as readonly Addition[];
  } catch (cause) {
    throw new ImageError('BAD_ADDITION', `${file} is damaged: it should be a JSON list of images. Mend or delete it.`, {
      cause,
    });
  }
}

/** Adds an image or replaces the one of the same reference. */
export async function addImage(file: string, addition: Addition): Promise<void> {
  checkAddition(addition);
  const others = (await readAdditions(file)).filter(({ reference }) => reference !== addition.reference);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, `${JSON.stringify([...others, addition], null, 2)}\n`);
  await rename(`${file}.part`, file);
}

function checkAddition(addition: Addition): void {
  if (!/^[a-z0-9][\w.\-/:]*(@sha256:[0-9a-f]{64})?$/.test(addition.reference)) {
    throw new ImageError(
      'BAD_ADDITION',
      `"${addition.reference}" is not an image reference such as registry/name:tag.`,
    );
  }
  if ('rootfs' in addition && !isAbsolute(addition.rootfs)) {
    throw new ImageError('BAD_ADDITION', `--rootfs takes an absolute path, not "${addition.rootfs}".`);
  }
  if ('deb' in addition && !/^[a-z0-9][a-z0-9+.-]+=[\w.+~:-]+$/.test(addition.deb)) {
    throw new ImageError(
      'BAD_ADDITION',
      `--deb takes NAME=VERSION such as redis-server=7.0.15, not "${addition.deb}".`,
    );
  }
}
