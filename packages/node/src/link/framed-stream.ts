import { once } from 'node:events';
import type { Duplex } from 'node:stream';

import type { MessageStream } from '@reeve/api';

import { NodeError } from '../node-error.ts';

const headerBytes = 4;
const maxFrameBytes = 16 * 1024 * 1024;

/** Messages over a byte stream: each one's length in four bytes, then the message. Reading sets the pace. */
export function framedStream(socket: Duplex): MessageStream {
  return {
    incoming: readFrames(socket),
    async send(message) {
      if (socket.writableEnded || socket.destroyed) return;
      const header = Buffer.alloc(headerBytes);
      header.writeUInt32BE(message.byteLength);
      socket.cork();
      socket.write(header);
      const flowing = socket.write(message);
      socket.uncork();
      if (!flowing) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    },
    async close() {
      socket.end();
    },
  };
}

async function* readFrames(socket: Duplex): AsyncIterable<Uint8Array> {
  let pending: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      pending = pending.length === 0 ? (chunk as Buffer) : Buffer.concat([pending, chunk as Buffer]);
      let frame = takeFrame(pending);
      while (frame !== undefined) {
        pending = pending.subarray(headerBytes + frame.length);
        yield frame;
        frame = takeFrame(pending);
      }
    }
  } catch (error) {
    if (!isReset(error)) throw error;
  }
}

function takeFrame(bytes: Buffer): Buffer | undefined {
  if (bytes.length < headerBytes) return undefined;
  const length = bytes.readUInt32BE();
  if (length > maxFrameBytes) throw new NodeError('BadMessage', `a message of ${length} bytes is too long`);
  const end = headerBytes + length;
  return bytes.length < end ? undefined : bytes.subarray(headerBytes, end);
}

// The other process was killed: the conversation is over, as after an ordinary end.
function isReset(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
