import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

import type { ExecOptions, MessageStream } from '@reeve/api';

import type { Container } from '../container/container.ts';
import { execInside } from '../container/exec.ts';
import { channel, exitStatus, readClient, sendOn, writeStdin } from './channels.ts';
import { resizeTerminal } from './terminal.ts';

/** A program in a container, wired to a client until it ends. It is killed when the client goes away. */
export async function execSession(
  container: Container,
  options: ExecOptions,
  stream: MessageStream,
  incoming: AsyncIterator<Uint8Array>,
): Promise<void> {
  const { stdin, tty, command } = options;
  const child = execInside(container, command, { stdin, tty });
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(126));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  const terminal = tty ? firstLine(child.stdio[3] as Readable) : Promise.resolve('');
  child.stdin?.on('error', () => undefined);
  void readClient(incoming, {
    onStdin: (bytes) => writeStdin(child.stdin, bytes),
    onStdinEnd: () => child.stdin?.end(),
    onResize: (columns, rows) => void terminal.then((name) => resizeTerminal(container, name, columns, rows)),
  })
    .catch(() => undefined)
    .then(() => child.kill('SIGKILL'));
  await Promise.all(outputsOf(child).map(([source, number]) => copy(source, stream, number)));
  const status = exitStatus(await exited);
  await sendOn(stream, channel.error, Buffer.from(JSON.stringify(status)));
}

function outputsOf({ stdout, stderr }: ChildProcess): readonly (readonly [Readable, number])[] {
  return [
    ...(stdout === null ? [] : [[stdout, channel.stdout] as const]),
    ...(stderr === null ? [] : [[stderr, channel.stderr] as const]),
  ];
}

/** Copies a program's output to the client at the client's pace. */
export async function copy(source: Readable, stream: MessageStream, number: number): Promise<void> {
  try {
    for await (const chunk of source) await sendOn(stream, number, chunk as Buffer);
  } catch {
    // The program was killed: its output ends here.
  }
}

function firstLine(source: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    source.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    source.once('close', () => resolve(text.trim()));
    source.on('error', () => undefined);
  });
}
