import { sleep } from '@reeve/api';
import type { KubeObject } from '@reeve/api';
import { ApiError, isInternalError, isServerTimeout, isTooManyRequests } from '../api-error.ts';
import { createBackoff } from '../backoff.ts';
import { isConnectionFailure } from '../kube-error.ts';
import type { WatchOptions } from '../options.ts';
import type { WatchEvent } from '../watch-event.ts';
import { watchConnection } from './watch-connection.ts';
import type { WatchContext } from './watch-connection.ts';

/** client-go's reflector waits like this between connections. */
const backoffOptions = { minMs: 800, maxMs: 30_000, resetMs: 120_000 };

/** True for failures after which the same watch, from where it was, is worth another try. */
export function isRetriableWatchError(error: unknown): boolean {
  if (isConnectionFailure(error) || isTooManyRequests(error) || isInternalError(error) || isServerTimeout(error)) {
    return true;
  }
  return error instanceof ApiError && error.code >= 500;
}

/** The version that a watch can be resumed from after `event`. */
export function versionAfter<T extends KubeObject>(event: WatchEvent<T>): string {
  return event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion;
}

/**
 * A watch over any number of connections, each resumed where the last one ended. Initial ADDED events come in no order,
 * so until something else has been seen a broken connection begins again and events may repeat.
 */
export async function* watchStream<T extends KubeObject>(
  context: WatchContext<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const backoff = createBackoff(backoffOptions, context.random);
  const begun = options.resourceVersion ?? '';
  let version = begun;
  let ordered = begun !== '' && begun !== '0' && options.sendInitialEvents !== true;
  const ends = (event: WatchEvent<T>): boolean =>
    options.sendInitialEvents === true ? event.type === 'BOOKMARK' && event.initialEventsEnd : event.type !== 'ADDED';
  const stopped = (): boolean => options.signal?.aborted === true;
  while (!stopped()) {
    let events = 0;
    const { sendInitialEvents: _, ...resumed } = options;
    try {
      const current = ordered ? { ...resumed, resourceVersion: version } : options;
      for await (const event of watchConnection(context, current)) {
        events += 1;
        ordered ||= ends(event);
        if (ordered) version = versionAfter(event);
        yield event;
      }
      if (events > 0) continue;
    } catch (error) {
      if (stopped()) return;
      if (!isRetriableWatchError(error)) throw error;
    }
    await sleep(context.clock, backoff.next(context.clock.now()), options.signal).catch(() => undefined);
  }
}
