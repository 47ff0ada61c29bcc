import type { WireResponse } from '@reeve/api';
import { collectionOf } from '../operations/storage-form.ts';
import type { Answer } from '../pipeline/answer.ts';
import { protobufWatch } from '../pipeline/protobuf-answers.ts';
import type { VerbInput } from '../pipeline/verb.ts';
import { internalError, statusError, StatusError } from '../status-error.ts';
import type { Stored } from '../store/stored.ts';
import { prefixOf } from './list.ts';
import type { ListOptions } from './list-options.ts';
import { readListOptions } from './list-options.ts';
import { parseVersion, reached } from './resource-version.ts';
import type { Selection } from './selection.ts';
import { readSelection } from './selection.ts';
import { watchForm } from './watch-forms.ts';
import { WatchStream } from './watch-stream.ts';

/** Without timeoutSeconds a watch lasts between this and twice this. */
const minTimeoutMs = 30 * 60_000;

/** WATCH: the answer starts at once and goes on until the client leaves, the time is up or the resource changes. */
export async function watch(input: VerbInput): Promise<Answer> {
  const { core, context, resource, form } = input;
  const { query } = context.info;
  const options = readListOptions(query, true);
  const selection = ofOne(readSelection(query, resource), context.info.pathName);
  const version = parseVersion(options.resourceVersion);
  if (typeof version === 'string') throw statusError(500, '', version);
  const stream = new WatchStream({
    clock: core.options.clock,
    form: watchForm(input, form),
    selection,
    prefix: prefixOf(resource, context.info.namespace),
    revision: () => core.store.revision,
    allowBookmarks: options.allowBookmarks,
    timeoutMs: timeoutOf(options, core.options.random()),
    signals: [core.ended, ...(context.request.signal === undefined ? [] : [context.request.signal])],
  });
  const stopFollowing = core.registry.onChange(() => {
    if (core.registry.find(resource.group, resource.version, resource.plural) !== resource) stream.finish();
  });
  stream.onEnd(stopFollowing);
  void begin(input, stream, options, version, selection);
  const events: Pick<WireResponse, 'headers' | 'body'> =
    form.media === 'protobuf'
      ? protobufWatch(stream)
      : { headers: { 'content-type': 'application/json' }, body: stream };
  return { type: 'raw', response: { status: 200, ...events } };
}

/** The old watch paths may name an object. */
function ofOne(selection: Selection, name: string): Selection {
  if (name === '') return selection;
  const matches = (stored: Stored): boolean => stored.name === name && selection.matches(stored);
  return { ...selection, isEverything: false, matches };
}

function timeoutOf({ timeoutSeconds }: ListOptions, chance: number): number {
  if (timeoutSeconds !== undefined && timeoutSeconds !== 0) return Math.max(0, timeoutSeconds * 1000);
  return minTimeoutMs * (1 + chance);
}

/** Sends what is there or what was missed, then follows. */
async function begin(
  { core, resource, context }: VerbInput,
  stream: WatchStream,
  options: ListOptions,
  version: number,
  selection: Selection,
): Promise<void> {
  const { store } = core;
  const { sendInitialEvents } = options;
  const collection = store.collection(collectionOf(resource));
  const prefix = prefixOf(resource, context.info.namespace);
  try {
    const showsState = sendInitialEvents ?? version === 0;
    if (sendInitialEvents === true) await reached(store, core.options.clock, version);
    if (showsState) {
      const objects: Stored[] = [];
      for (const stored of collection.scan(prefix)) if (selection.matches(stored)) objects.push(stored);
      stream.begin(objects, store.revision, options.allowBookmarks);
    } else {
      if (version !== 0 && version < collection.forgotten) {
        throw statusError(410, 'Expired', `too old resource version: ${version} (${collection.forgotten})`);
      }
      stream.resume(version === 0 ? [] : collection.since(version), version === 0 ? store.revision : version);
    }
    stream.onEnd(collection.subscribe((event) => stream.push(event)));
  } catch (error) {
    stream.fail(error instanceof StatusError ? error : internalError(String(error)));
  }
}
