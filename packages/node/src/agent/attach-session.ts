import type { Readable } from 'node:stream';

import type { ExecOptions, MessageStream } from '@reeve/api';

import type { Container } from '../container/container.ts';
import { channel, exitStatus, readClient, sendOn, writeStdin } from './channels.ts';
import { resizeTerminal } from './terminal.ts';

/** A container has its own set of terminals, and its program the first of them. */
const ownTerminal = '/dev/pts/0';

/** The container's own program, wired to a client: its output from now on, and its stdin if it has one. */
export async function attachSession(
  container: Container,
  { options, stdinOnce }: { readonly options: ExecOptions; readonly stdinOnce: boolean },
  stream: MessageStream,
  incoming: AsyncIterator<Uint8Array>,
): Promise<void> {
  const stops = [
    ...(options.stdout ? [follow(container.stdout, stream, channel.stdout)] : []),
    ...(options.stderr ? [follow(container.stderr, stream, channel.stderr)] : []),
  ];
  const left = readClient(incoming, {
    onStdin: (bytes) => writeStdin(options.stdin ? container.stdin : undefined, bytes),
    onStdinEnd: () => void (stdinOnce && container.stdin?.end()),
    onResize: (columns, rows) => void resizeTerminal(container, ownTerminal, columns, rows),
  }).catch(() => undefined);
  const exit = await Promise.race([container.exited, left]);
  for (const stop of stops) stop();
  if (exit === undefined) return;
  await sendOn(stream, channel.error, Buffer.from(JSON.stringify(exitStatus(exit.exitCode))));
}

function follow(source: Readable, stream: MessageStream, number: number): () => void {
  const onData = (chunk: Buffer): void => void sendOn(stream, number, chunk);
  source.on('data', onData);
  return () => source.off('data', onData);
}
