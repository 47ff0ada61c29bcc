import { sleep } from '@reeve/api';
import type { NodeConnector } from '@reeve/api';
import type { Core, SubresourceHandler } from '../parts.ts';
import type { Answer } from '../pipeline/answer.ts';
import { badRequest, internalError, methodNotAllowed, StatusError, statusError } from '../status-error.ts';
import { valueAt } from '../subresources/scale-shape.ts';
import { isObject, metadataOf, type ObjectValue } from '../value.ts';
import { readLogOptions } from './log-options.ts';
import { addressOf, containerOf, podOf } from './pod-target.ts';

/** How long the head of an answer waits for the first line of a log that is followed. */
const firstLineMs = 500;

/** `pods/log`: plain text, as it comes. */
export function logHandler(core: Core): SubresourceHandler {
  return async ({ info, request }) => {
    if (info.verb !== 'get') throw methodNotAllowed();
    const options = readLogOptions(info.query);
    const pod = podOf(core, info);
    const container = containerOf(pod, info.query.get('container') ?? '');
    const address = addressOf(core, pod);
    if (address === undefined) return rawAnswer(204, nothing());
    checkStarted(pod, container, options.previous === true);
    const signal = request.signal === undefined ? {} : { signal: request.signal };
    const lines = connectorOf(core).logs({ ...address, container }, { ...options, ...signal });
    return rawAnswer(200, await begun(core, lines, options.follow === true));
  };
}

/** The way to the nodes, or what to do about there being none. */
export function connectorOf({ options }: Core): NodeConnector {
  if (options.nodeConnector !== undefined) return options.nodeConnector;
  throw statusError(
    501,
    '',
    'this server has no nodes to reach: start a cluster with nodes to use log, exec, attach and port-forward',
  );
}

function rawAnswer(status: number, body: AsyncIterable<Uint8Array>): Answer {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' };
  return { type: 'raw', response: { status, headers, body } };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

/** A container that waits has no log yet; it says what it waits for. */
function checkStarted(pod: ObjectValue, container: string, previous: boolean): void {
  const statuses = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'].flatMap((field) => {
    const list = valueAt(pod, ['status', field]);
    return Array.isArray(list) ? list.filter(isObject) : [];
  });
  const status = statuses.find(({ name }) => name === container);
  if (status === undefined) return;
  const name = String(metadataOf(pod)['name']);
  const waiting = valueAt(status, ['state', 'waiting']);
  const last = valueAt(status, ['lastState', 'terminated']);
  if (previous && !isObject(last)) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`,
    );
  }
  if (!previous && isObject(waiting) && !isObject(last)) {
    const reason = String(waiting['reason'] ?? '');
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ${reason}`,
    );
  }
}

/** Reads as far as the first chunk, so that what fails at once is told as a Status. */
async function begun(
  core: Core,
  lines: AsyncIterable<Uint8Array>,
  follow: boolean,
): Promise<AsyncIterable<Uint8Array>> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = iterator.next();
  try {
    await (follow ? Promise.race([first, sleep(core.options.clock, firstLineMs)]) : first);
  } catch (error) {
    throw asStatus(error);
  }
  return resumed(iterator, first);
}

async function* resumed(
  iterator: AsyncIterator<Uint8Array>,
  first: Promise<IteratorResult<Uint8Array>>,
): AsyncIterable<Uint8Array> {
  try {
    for (let step = await first; step.done !== true; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}

/** What a node says is told to the client as it is. */
export function asStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return internalError(error instanceof Error ? error.message : String(error));
}
