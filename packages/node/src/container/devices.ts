import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../command.ts';

const nodes = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const links: readonly (readonly [string, string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
];

/** A directory with the device nodes that every container may have: bound from the host, since mknod needs real root. */
export async function makeDevices(runDir: string): Promise<string> {
  const directory = join(runDir, 'dev');
  mkdirSync(directory, { recursive: true });
  for (const name of nodes) writeFileSync(join(directory, name), '');
  for (const name of ['pts', 'shm']) mkdirSync(join(directory, name));
  for (const [name, target] of links) symlinkSync(target, join(directory, name));
  writeFileSync(join(directory, 'termination-log'), '');
  const fstab = nodes.map((name) => `/dev/${name} ${join(directory, name)} none bind 0 0\n`).join('');
  const file = join(runDir, 'devices.fstab');
  writeFileSync(file, fstab);
  await runCommand('mount', ['--all', '--fstab', file]);
  return directory;
}
