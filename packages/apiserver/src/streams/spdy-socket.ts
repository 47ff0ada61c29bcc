import type { Duplex } from 'node:stream';
import type { WireRequest } from '@reeve/api';
import type { SpdySession } from './spdy-session.ts';

/** Protocols that a client of plain SPDY offers. */
export function offeredStreamProtocols({ headers }: WireRequest): readonly string[] {
  const list = (headers['x-stream-protocol-version'] ?? '').split(',');
  return list.map((item) => item.trim()).filter((item) => item !== '');
}

/** Says that the connection speaks SPDY from here on. */
export function acceptSpdy(socket: Duplex, protocol: string): void {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${protocol}`,
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
}

/** Writes at the client's pace. */
export function writeSocket(socket: Duplex, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.writableEnded) resolve();
    else socket.write(bytes, () => resolve());
  });
}

/** Feeds a session from its socket until that ends. */
export async function serveSocket(socket: Duplex, head: Uint8Array, session: SpdySession): Promise<void> {
  try {
    if (head.byteLength > 0) await session.receive(head);
    for await (const chunk of socket as AsyncIterable<Uint8Array>) await session.receive(chunk);
  } catch {
    // A broken connection or broken frames: both end it.
    socket.destroy();
  } finally {
    session.close();
  }
}
