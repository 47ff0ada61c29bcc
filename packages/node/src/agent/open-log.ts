import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';

import type { LogOptions, MessageStream } from '@reeve/api';

import { readLog } from '../log/log-reader.ts';
import { NodeError } from '../node-error.ts';
import { logPath } from '../pod/container-log.ts';
import type { PodWorker } from '../pod/pod-worker.ts';

/** A container's log; `previous` is the run before. Throws when there is none. */
export function openLog(
  worker: PodWorker,
  container: string,
  options: LogOptions,
  socket: Socket,
): (stream: MessageStream) => Promise<void> {
  const record = worker.record(container);
  const podName = worker.pod.metadata.name;
  if (record === undefined) throw new NodeError('NotFound', `container ${container} is not valid for pod ${podName}`);
  const path = newestLog(worker, container, record.restarts, options.previous === true);
  if (path === undefined) {
    const what =
      options.previous === true ? `previous terminated container "${container}"` : `container "${container}"`;
    const reason = record.phase.is === 'waiting' ? record.phase.reason : 'ContainerCreating';
    throw new NodeError(
      'NotFound',
      options.previous === true
        ? `${what} in pod "${podName}" not found`
        : `${what} in pod "${podName}" is waiting to start: ${reason}`,
    );
  }
  const run = worker.runs.get(container);
  const writer = run?.log.path === path ? run.log : undefined;
  return async (stream) => {
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    // The client sends nothing more; reading on notices when it goes away.
    socket.resume();
    const { clock } = worker.node;
    for await (const chunk of readLog({ path, writer }, { ...options, signal: gone.signal }, clock.now())) {
      if (gone.signal.aborted) return;
      await stream.send(chunk);
    }
  };
}

function newestLog(worker: PodWorker, container: string, restarts: number, previous: boolean): string | undefined {
  const wanted = previous ? restarts - 1 : restarts;
  const path = logPath(worker.logDirectory, container, wanted);
  return wanted >= 0 && existsSync(path) ? path : undefined;
}
