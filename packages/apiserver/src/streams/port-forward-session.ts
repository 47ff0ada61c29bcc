import type { MessageStream } from '@reeve/api';
import { SpdySession, type SpdyStream } from './spdy-session.ts';

/** Opens a connection to one of the pod's ports. */
export type OpenPort = (port: number) => Promise<MessageStream>;

interface Pair {
  readonly error?: SpdyStream;
  readonly data?: SpdyStream;
}

/**
 * The server's side of `portforward.k8s.io`: for each connection the client opens two streams with the same request
 * id, one for data and one on which the server tells what went wrong.
 */
export function portForwardSession(write: (bytes: Uint8Array) => Promise<void>, openPort: OpenPort): SpdySession {
  const waiting = new Map<string, Pair>();
  return new SpdySession(write, (stream) => {
    const id = stream.headers['requestid'] ?? '';
    const half = stream.headers['streamtype'] === 'error' ? { error: stream } : { data: stream };
    const pair: Pair = { ...waiting.get(id), ...half };
    if (pair.error === undefined || pair.data === undefined) {
      waiting.set(id, pair);
      return;
    }
    waiting.delete(id);
    void connect(pair.data, pair.error, openPort);
  });
}

async function connect(data: SpdyStream, error: SpdyStream, openPort: OpenPort): Promise<void> {
  const port = Number(data.headers['port']);
  try {
    const connection = await openPort(port);
    await Promise.all([upward(data, connection), downward(data, connection)]);
    await connection.close();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    await error.send(Buffer.from(`an error occurred forwarding port ${port}: ${reason}`));
  }
  await data.finish();
  await error.finish();
}

async function upward(data: SpdyStream, connection: MessageStream): Promise<void> {
  for await (const chunk of data.incoming) await connection.send(chunk);
  await connection.close();
}

async function downward(data: SpdyStream, connection: MessageStream): Promise<void> {
  for await (const chunk of connection.incoming) await data.send(chunk);
  await data.finish();
}
