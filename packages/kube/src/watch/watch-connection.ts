import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import { resourcePath } from '@reeve/api';
import { jsonLines } from '../decode/json-lines.ts';
import { decodeWatchLine } from '../decode/watch-decoder.ts';
import { KubeError } from '../kube-error.ts';
import type { WatchOptions } from '../options.ts';
import { queryText, selectorParameters } from '../query.ts';
import type { Sender } from '../sender.ts';
import type { WatchEvent } from '../watch-event.ts';

/** What a watch needs from its client. */
export interface WatchContext<T extends KubeObject> {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: Random;
  readonly resource: ResourceDescriptor<T>;
  readonly namespace: string | undefined;
}

const defaultIdleMs = 150_000;
const metadataAccept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

function watchPath<T extends KubeObject>(context: WatchContext<T>, options: WatchOptions): string {
  const { resource, namespace, random } = context;
  const query = queryText({
    watch: true,
    allowWatchBookmarks: true,
    ...selectorParameters(options),
    resourceVersion: options.resourceVersion,
    sendInitialEvents: options.sendInitialEvents,
    resourceVersionMatch: options.sendInitialEvents === true ? 'NotOlderThan' : options.resourceVersionMatch,
    // Random, so that many clients do not come back at once (client-go's range).
    timeoutSeconds: options.timeoutSeconds ?? 300 + Math.floor(random() * 300),
  });
  return resourcePath(resource, { namespace }) + query;
}

/** Aborts when nothing was heard for a while; one timer for any number of messages. */
function idleGuard(clock: Clock, idleMs: number, abort: () => void): { heard(): void; stop(): void } {
  let last = clock.now();
  let cancel: () => void;
  const check = (): void => {
    const silent = clock.now() - last;
    if (silent >= idleMs) abort();
    else cancel = clock.schedule(idleMs - silent, check);
  };
  cancel = clock.schedule(idleMs, check);
  return {
    heard: () => {
      last = clock.now();
    },
    stop: () => cancel(),
  };
}

/** One watch connection, from its request to its end. The reader sets the pace. */
export async function* watchConnection<T extends KubeObject>(
  context: WatchContext<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { sender, clock, resource } = context;
  const ending = new AbortController();
  const idleMs = options.idleMs ?? defaultIdleMs;
  const guard = idleGuard(clock, idleMs, () =>
    ending.abort(new KubeError('Timeout', `a watch of ${resource.plural} was silent for ${idleMs} ms`)),
  );
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, options.signal]);
  try {
    const response = await sender.open({
      method: 'GET',
      path: watchPath(context, options),
      ...(options.metadataOnly === true ? { accept: metadataAccept } : {}),
      signal,
    });
    for await (const lines of jsonLines(response.body)) {
      guard.heard();
      for (const line of lines) yield decodeWatchLine(resource, line, options);
      // Time that the reader took is not silence of the server.
      guard.heard();
    }
    signal.throwIfAborted();
  } catch (error) {
    throw streamError(error, signal, resource.plural);
  } finally {
    guard.stop();
    ending.abort();
  }
}

function streamError(error: unknown, signal: AbortSignal, plural: string): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof Error && (error.name === 'ApiError' || error.name === 'KubeError')) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new KubeError('ConnectionFailed', `a watch of ${plural} broke: ${why}`, { cause: error });
}
