import type { Writable } from 'node:stream';

import type { MessageStream, Status } from '@reeve/api';

/** The first byte of a message of `v5.channel.k8s.io` (KEP-4006). */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** Sends bytes on a channel. */
export function sendOn(stream: MessageStream, number: number, bytes: Uint8Array): Promise<void> {
  return stream.send(Buffer.concat([Buffer.from([number]), bytes]));
}

/** The last message of a session: how the program ended. */
export function exitStatus(exitCode: number): Status {
  if (exitCode === 0) return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode' as NonNullable<Status['reason']>,
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** Writes to a program's stdin, at its pace. Bytes for one that has closed it are dropped. */
export async function writeStdin(stdin: Writable | null | undefined, bytes: Uint8Array): Promise<void> {
  if (stdin === null || stdin === undefined || !stdin.writable || stdin.write(bytes)) return;
  await new Promise<void>((resolve) => {
    stdin.once('drain', resolve);
    stdin.once('close', resolve);
  });
}

/** What a client does during a session. */
export interface ClientInput {
  /** Reading goes on when the promise resolves. */
  onStdin(bytes: Uint8Array): Promise<void>;
  onStdinEnd(): void;
  onResize(columns: number, rows: number): void;
}

/** Reads the client's messages until it goes away. */
export async function readClient(incoming: AsyncIterator<Uint8Array>, input: ClientInput): Promise<void> {
  for (let next = await incoming.next(); next.done !== true; next = await incoming.next()) {
    const [number] = next.value;
    const body = next.value.subarray(1);
    if (number === channel.stdin) await input.onStdin(body);
    else if (number === channel.close && body[0] === channel.stdin) input.onStdinEnd();
    else if (number === channel.resize) resize(body, input);
  }
}

function resize(body: Uint8Array, input: ClientInput): void {
  const { Width: width, Height: height } = JSON.parse(Buffer.from(body).toString()) as {
    readonly Width?: number;
    readonly Height?: number;
  };
  if (width !== undefined && height !== undefined) input.onResize(width, height);
}
