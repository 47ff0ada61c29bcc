import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { NodeError } from '../node-error.ts';

/** A path inside a volume, made if it is missing. Links must not lead out of the volume. */
export function subPathIn(volumePath: string, subPath: string): string {
  if (subPath.startsWith('/') || subPath.split('/').includes('..')) {
    throw new NodeError('InvalidPod', `the subPath ${subPath} must be relative and without ".."`);
  }
  const path = join(volumePath, subPath);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { recursive: true });
  const root = realpathSync(volumePath);
  const real = realpathSync(path);
  if (real !== root && !real.startsWith(`${root}/`)) {
    throw new NodeError('InvalidPod', `the subPath ${subPath} leads out of its volume`);
  }
  return real;
}
