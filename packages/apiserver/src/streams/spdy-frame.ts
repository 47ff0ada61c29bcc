/** Control frames of SPDY/3.1 that streams need. */
export const spdyType = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7, headers: 8 } as const;

/** The last frame of a direction. */
export const finFlag = 1;

export type SpdyFrame =
  | { readonly control: false; readonly stream: number; readonly flags: number; readonly payload: Uint8Array }
  | { readonly control: true; readonly type: number; readonly flags: number; readonly payload: Uint8Array };

const headerLength = 8;
const version = 3;

export function encodeFrame(frame: SpdyFrame): Uint8Array {
  const bytes = Buffer.alloc(headerLength + frame.payload.byteLength);
  if (frame.control) {
    bytes.writeUInt16BE(0x8000 | version, 0);
    bytes.writeUInt16BE(frame.type, 2);
  } else {
    bytes.writeUInt32BE(frame.stream & 0x7fffffff, 0);
  }
  bytes.writeUInt8(frame.flags, 4);
  bytes.writeUIntBE(frame.payload.byteLength, 5, 3);
  bytes.set(frame.payload, headerLength);
  return bytes;
}

/** Cuts a flow of bytes into frames. */
export class SpdyFrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are complete with these bytes. */
  *read(bytes: Uint8Array): Generator<SpdyFrame> {
    this.#rest = this.#rest.byteLength === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.byteLength >= headerLength) {
      const end = headerLength + this.#rest.readUIntBE(5, 3);
      if (this.#rest.byteLength < end) return;
      const frame = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      yield parseFrame(frame);
    }
  }
}

function parseFrame(bytes: Buffer): SpdyFrame {
  const flags = bytes.readUInt8(4);
  const payload = bytes.subarray(headerLength);
  const first = bytes.readUInt32BE(0);
  return first >= 0x80000000
    ? { control: true, type: first & 0xffff, flags, payload }
    : { control: false, stream: first, flags, payload };
}
