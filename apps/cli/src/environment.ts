import { fileURLToPath } from 'node:url';
import { systemClock, systemRandom } from '@reeve/kube';
import { cacheDirOf } from '@reeve/node';
import type { ImageStoreOptions } from '@reeve/node';

/** The checkout that this command runs from: its operators run as images. */
export const checkoutDir: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export const clock: typeof systemClock = systemClock;
export const random: typeof systemRandom = systemRandom;

/** Where images come from; downloads are told on standard error. */
export function imageOptions(onDownload: (what: string) => void = tellDownload): ImageStoreOptions {
  return { cacheDir: cacheDirOf(process.env), checkoutDir, nodeBinary: process.execPath, onDownload };
}

function tellDownload(what: string): void {
  console.error(`Fetching ${what} from the Debian mirror …`);
}
