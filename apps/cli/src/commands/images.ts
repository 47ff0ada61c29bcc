import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addImage, additionsFileOf, cacheDirOf, catalogueReferences, readAdditions } from '@reeve/node';
import { CliError } from '../cli-error.ts';

/** `reeve images`: lists the references that pods can use. */
export async function listImages(): Promise<void> {
  for (const reference of catalogueReferences()) console.log(reference);
  for (const addition of await readAdditions(additionsFileOf(cacheDirOf(process.env)))) {
    console.log(`${addition.reference}  (added: ${'rootfs' in addition ? addition.rootfs : addition.deb})`);
  }
}

interface AddFlags {
  readonly rootfs?: string;
  readonly deb?: string;
  readonly suite: string;
  readonly entrypoint?: string;
}

/** `reeve images add REF --rootfs DIR | --deb NAME=VERSION`. */
export async function addImageCommand(
  reference: string,
  { rootfs, deb, suite, entrypoint = '' }: AddFlags,
): Promise<void> {
  if ((rootfs === undefined) === (deb === undefined))
    throw new CliError('Give either --rootfs DIR or --deb NAME=VERSION.');
  const file = additionsFileOf(cacheDirOf(process.env));
  const command = entrypoint.split(' ').filter(Boolean);
  if (rootfs !== undefined && !(await isFolder(rootfs))) throw new CliError(`There is no folder ${resolve(rootfs)}.`);
  if (rootfs !== undefined) await addImage(file, { reference, rootfs: resolve(rootfs), entrypoint: command });
  if (deb !== undefined) await addImage(file, { reference, deb, suite, entrypoint: command });
  console.log(`${reference} is added: pods can name it now, and fetch it at their first start.`);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
