import { readFile } from 'node:fs/promises';
import type { Clock } from '@reeve/api';
import { KubeError } from '../kube-error.ts';

/** Rotated files (tokens, certificates) are noticed after at most this long, as in client-go. */
const maxAgeMs = 60_000;

/** A file that is read again when its content may have changed. */
export interface CachedFile {
  read(): Promise<string>;
  /** The next read goes to the disk. */
  expire(): void;
}

/** Reads a file that `configured` names; a failed re-read keeps the last content. */
export function cachedFile(path: string, configured: string, clock: Clock): CachedFile {
  let content: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    async read() {
      if (content !== undefined && clock.now() - readAt < maxAgeMs) return content;
      try {
        content = await readFile(path, 'utf8');
        readAt = clock.now();
      } catch (cause) {
        if (content === undefined)
          throw new KubeError('ConfigInvalid', `cannot read ${path}, named by ${configured}`, { cause });
      }
      return content;
    },
    expire() {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
