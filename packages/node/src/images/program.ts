import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Program } from './catalogue.ts';
import { runCommand } from './command.ts';
import { unpackedPackage } from './debian-package.ts';
import type { PackageSource } from './debian-package.ts';

/** The absolute path of a program: the PATH's when it is exactly the right version, else one from the cache. */
export async function programPath(
  program: Program,
  source: PackageSource,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const onPath = await programOnPath(program, env['PATH'] ?? '');
  if (onPath !== undefined) return onPath;
  const [main] = await Promise.all(program.packages.map((wanted) => unpackedPackage(wanted, source)));
  return join(main?.root ?? '', program.binary);
}

/** Where the PATH has exactly this version, if anywhere. */
export async function programOnPath(program: Program, path: string): Promise<string | undefined> {
  const name = program.binary.split('/').at(-1) ?? '';
  for (const folder of path.split(delimiter).filter((entry) => entry.startsWith('/'))) {
    const file = join(folder, name);
    const isRunnable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isRunnable) continue;
    const output = await runCommand(file, program.versionArgs).catch(() => '');
    if (`${output}\n`.includes(program.versionText)) return file;
  }
  return undefined;
}
