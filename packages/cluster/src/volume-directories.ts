import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VolumeDirectories } from '@reeve/controllers';

/** Volumes as folders below one root. */
export function volumeDirectories(root: string): VolumeDirectories {
  const pathOf = (volume: string): string => join(root, volume);
  return {
    pathOf,
    async create(volume) {
      await mkdir(pathOf(volume), { recursive: true, mode: 0o777 });
    },
    async remove(volume) {
      await rm(pathOf(volume), { recursive: true, force: true });
    },
  };
}
