import type { ExecOptions, MessageStream } from '@reeve/api';
import { SpdySession, type SpdyStream } from './spdy-session.ts';

/** The message protocol of exec and attach over plain SPDY, for clients older than web sockets there. */
export const spdyExecProtocol = 'v4.channel.k8s.io';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

type StreamType = 'error' | 'stdin' | 'stdout' | 'stderr' | 'resize';

/** The streams that a client opens for its options, before anything flows. */
function expectedStreams({ stdin, stdout, stderr, tty }: ExecOptions): readonly StreamType[] {
  return [
    'error',
    ...(stdin ? (['stdin'] as const) : []),
    ...(stdout ? (['stdout'] as const) : []),
    ...(stderr ? (['stderr'] as const) : []),
    ...(tty ? (['resize'] as const) : []),
  ];
}

/** Joins a container with the client's streams, once the client has opened them all; then calls `ended`. */
export function execSpdySession(
  write: (bytes: Uint8Array) => Promise<void>,
  options: ExecOptions,
  container: MessageStream,
  ended: () => void,
): SpdySession {
  const expected = expectedStreams(options);
  const streams = new Map<string, SpdyStream>();
  return new SpdySession(write, (stream) => {
    streams.set(stream.headers['streamtype'] ?? '', stream);
    if (streams.size !== expected.length || !expected.every((type) => streams.has(type))) return;
    void join(streams, container).finally(ended);
  });
}

async function join(streams: ReadonlyMap<string, SpdyStream>, container: MessageStream): Promise<void> {
  void forward(streams.get('stdin'), container, channel.stdin);
  void forward(streams.get('resize'), container, channel.resize);
  const byChannel = new Map([
    [channel.stdout, streams.get('stdout')],
    [channel.stderr, streams.get('stderr')],
    [channel.error, streams.get('error')],
  ] as const);
  for await (const message of container.incoming) {
    const target = byChannel.get(message[0] as 1 | 2 | 3);
    if (message.byteLength > 1) await target?.send(message.subarray(1));
  }
  for (const stream of byChannel.values()) await stream?.finish();
}

/** A stream that ends closes its channel. What fails here ends the whole conversation, which `join` sees. */
async function forward(stream: SpdyStream | undefined, container: MessageStream, number: number): Promise<void> {
  if (stream === undefined) return;
  try {
    for await (const chunk of stream.incoming) await container.send(Buffer.concat([Buffer.of(number), chunk]));
    if (number === channel.stdin) await container.send(Uint8Array.of(channel.close, channel.stdin));
  } catch {
    await container.close();
  }
}
