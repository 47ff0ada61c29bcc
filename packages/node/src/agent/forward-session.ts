import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Duplex as DuplexStream } from 'node:stream';

import type { Clock, MessageStream } from '@reeve/api';

import { NodeError } from '../node-error.ts';
import type { PodWorker } from '../pod/pod-worker.ts';

const connectTimeoutMs = 5000;

/** What runs in the pod's network when its program listens on localhost only: a pipe to that port. */
const pipeProgram = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(0));
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

/** One connection to a port of a pod, as seen from the pod's own localhost. Throws when nothing listens. */
export async function forwardSession(
  worker: PodWorker,
  port: number,
  clock: Clock,
): Promise<(stream: MessageStream, incoming: AsyncIterator<Uint8Array>) => Promise<void>> {
  const { sandbox } = worker;
  if (sandbox === undefined) throw new NodeError('NotFound', `the pod ${worker.pod.metadata.name} has no network`);
  const { address, path } = sandbox.network;
  const connection = await dial(address, port, clock).catch(() => dialLocal(path, port));
  return async (stream, incoming) => {
    const sending = writeAll(incoming, connection);
    try {
      for await (const chunk of connection) await stream.send(chunk as Buffer);
    } catch {
      // The pod's side was reset: the client sees the end.
    }
    await stream.close();
    await sending;
  };
}

async function writeAll(incoming: AsyncIterator<Uint8Array>, connection: Duplex): Promise<void> {
  try {
    for (let next = await incoming.next(); next.done !== true; next = await incoming.next()) {
      if (!connection.write(next.value)) {
        await new Promise<void>((resolve) => {
          connection.once('drain', resolve);
          connection.once('close', resolve);
        });
      }
    }
  } finally {
    connection.end();
  }
}

function dial(host: string, port: number, clock: Clock): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    const cancel = clock.schedule(connectTimeoutMs, () =>
      socket.destroy(new NodeError('NotFound', 'it does not answer')),
    );
    socket.once('error', (error) => {
      cancel();
      reject(error);
    });
    socket.once('connect', () => {
      cancel();
      resolve(socket);
    });
  });
}

function dialLocal(networkPath: string, port: number): Promise<Duplex> {
  const child = spawn('nsenter', [`--net=${networkPath}`, process.execPath, '-e', pipeProgram, String(port)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  return Promise.resolve(DuplexStream.from({ readable: child.stdout, writable: child.stdin }));
}
