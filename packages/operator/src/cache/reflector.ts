import { sleep } from '@reeve/api';
import type { Clock, KubeObject, Random } from '@reeve/api';
import {
  ApiError,
  createBackoff,
  createPacer,
  isConnectionFailure,
  isExpired,
  isRetriableWatchError,
  isTooLargeResourceVersion,
  versionAfter,
} from '@reeve/kube';
import type { ResourceClient, Stored, WatchEvent, WatchOptions } from '@reeve/kube';
import { OperatorError } from '../operator-error.ts';

/** Takes in a whole state, object by object. */
export interface Filling<T extends KubeObject> {
  take(object: Stored<T>): void;
  /** Deleted before the state was complete. */
  leave(object: Stored<T>): void;
  /** All of it has come: what was there before and has not come again is gone. */
  end(version: string): void;
}

/** Where a reflector puts what it sees. */
interface ReflectorSink<T extends KubeObject> {
  /** Begins the whole state; abandoned when the connection breaks before its end. */
  fill(): Filling<T>;
  apply(event: WatchEvent<T>): void;
  /** Something failed; the reflector goes on by itself. */
  failed(error: unknown): void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly api: ResourceClient<T>;
  readonly select: Pick<WatchOptions, 'labelSelector' | 'fieldSelector' | 'metadataOnly'>;
  readonly sink: ReflectorSink<T>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** client-go's pace: 0.8 s to 30 s, doubled and jittered, anew after two quiet minutes. */
const backoffOptions = { minMs: 800, maxMs: 30_000, resetMs: 120_000 };
const pageSize = 500;

/**
 * Mirrors one resource into a sink for as long as the signal lives: the present state as a stream (WatchList, KEP-3157)
 * or, where the server has none, as pages; then every change, resumed by version over broken connections. After 410 the
 * state is fetched anew, never from further back than what was seen. No failure ends it.
 */
export async function reflect<T extends KubeObject>(options: ReflectorOptions<T>): Promise<void> {
  const { sink, clock, signal } = options;
  const backoff = createBackoff(backoffOptions, options.random);
  const state: State = { version: '', versionLost: false, streams: true };
  while (!signal.aborted) {
    try {
      await fill(options, state);
      await follow(options, state);
    } catch (error) {
      if (signal.aborted) return;
      state.versionLost = isExpired(error) || isTooLargeResourceVersion(error);
      sink.failed(error);
    }
    await sleep(clock, backoff.next(clock.now()), signal).catch(() => undefined);
  }
}

interface State {
  /** Everything up to here has been seen. */
  version: string;
  /** The server no longer has (or not yet has) that version. */
  versionLost: boolean;
  /** The server streams initial state; until it refuses. */
  streams: boolean;
}

/** Gets the present state and, when it was streamed, everything after it until the stream ends. */
async function fill<T extends KubeObject>(options: ReflectorOptions<T>, state: State): Promise<void> {
  if (state.streams) {
    try {
      await fillByStream(options, state);
      return;
    } catch (error) {
      if (
        options.signal.aborted ||
        isConnectionFailure(error) ||
        isExpired(error) ||
        isTooLargeResourceVersion(error)
      ) {
        throw error;
      }
      // Refused as a parameter: the server does not know it, now or ever. Anything else: a list for this once.
      if (error instanceof ApiError && (error.code === 400 || error.code === 422)) state.streams = false;
    }
  }
  await fillByPages(options, state);
}

async function fillByStream<T extends KubeObject>(options: ReflectorOptions<T>, state: State): Promise<void> {
  const { api, select, sink, signal, clock } = options;
  const pace = createPacer(clock);
  let filling: Filling<T> | undefined = sink.fill();
  const stream = api.watchOnce({
    ...select,
    lean: true,
    sendInitialEvents: true,
    resourceVersion: state.versionLost ? '' : state.version,
    signal,
  });
  try {
    for await (const event of stream) {
      await pace();
      if (filling === undefined) {
        apply(sink, state, event);
      } else if (event.type !== 'BOOKMARK') {
        if (event.type === 'DELETED') filling.leave(event.object);
        else filling.take(event.object);
      } else if (event.initialEventsEnd) {
        filling.end(event.resourceVersion);
        filling = undefined;
        synced(state, event.resourceVersion);
      }
    }
  } catch (error) {
    // Once the state is there, a broken stream is a watch to be resumed.
    if (filling !== undefined || !isRetriableWatchError(error)) throw error;
    sink.failed(error);
  }
  if (filling !== undefined && !signal.aborted) {
    throw new OperatorError('SyncTimeout', `the server ended the stream of ${api.resource.plural} before its end`);
  }
}

async function fillByPages<T extends KubeObject>(options: ReflectorOptions<T>, state: State): Promise<void> {
  const { api, select, sink, signal } = options;
  const version = state.versionLost ? '' : state.version || '0';
  const paged = version === '' || version === '0';
  const filling = sink.fill();
  const pace = createPacer(options.clock);
  let seen = '';
  // Servers answer a list at a version from memory, but only unpaged.
  const limit = paged ? pageSize : 0;
  for await (const page of api.pages({ ...select, lean: true, resourceVersion: version, limit, signal })) {
    for (const item of page.items) {
      filling.take(item);
      await pace();
    }
    seen = page.metadata.resourceVersion ?? seen;
  }
  filling.end(seen);
  synced(state, seen);
}

function synced(state: State, version: string): void {
  state.version = version;
  state.versionLost = false;
}

function apply<T extends KubeObject>(sink: ReflectorSink<T>, state: State, event: WatchEvent<T>): void {
  sink.apply(event);
  state.version = versionAfter(event);
}

/** Watches from where we are, over any number of connections; throws when the state must be fetched anew. */
async function follow<T extends KubeObject>(options: ReflectorOptions<T>, state: State): Promise<void> {
  const { api, select, sink, clock, signal, random } = options;
  const backoff = createBackoff(backoffOptions, random);
  const pace = createPacer(clock);
  const aborted = (): boolean => signal.aborted;
  while (!aborted()) {
    let events = 0;
    try {
      for await (const event of api.watchOnce({ ...select, lean: true, resourceVersion: state.version, signal })) {
        events += 1;
        apply(sink, state, event);
        await pace();
      }
      if (events > 0) continue;
    } catch (error) {
      if (aborted() || !isRetriableWatchError(error)) throw error;
      sink.failed(error);
    }
    await sleep(clock, backoff.next(clock.now()), signal).catch(() => undefined);
  }
}
