import { sleep } from '@reeve/api';
import type { Clock } from '@reeve/api';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import type { Store } from '../store/store.ts';

/** How long a read waits for a version that is not there yet. */
const waitMs = 3000;

const maxUint64 = 2n ** 64n;

/** The number in a resourceVersion parameter (0 for none), or the text of what is wrong with it. */
export function parseVersion(text: string): number | string {
  if (text === '') return 0;
  const said = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}`;
  if (!/^\d+$/.test(text)) return `${said}: invalid syntax`;
  return BigInt(text) < maxUint64 ? Number(text) : `${said}: value out of range`;
}

/** 504 for a version that the server has not reached. */
function tooLargeVersion(wanted: number, current: number): StatusError {
  return statusError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** Waits for a version of the future, but not long; throws 504. */
export async function reached(store: Store, clock: Clock, version: number): Promise<void> {
  if (version <= store.revision) return;
  await sleep(clock, waitMs);
  if (version > store.revision) throw tooLargeVersion(version, store.revision);
}
