import { ByteQueue } from './byte-queue.ts';
import { encodeFrame, finFlag, SpdyFrameReader, spdyType, type SpdyFrame } from './spdy-frame.ts';
import { SpdyHeaderCodec, type SpdyHeaders } from './spdy-header-block.ts';

/** The largest payload of a data frame that we send; the field itself holds 24 bits. */
const maxPayload = 32 * 1024;

/** One stream that the client opened. */
export interface SpdyStream {
  readonly headers: SpdyHeaders;
  readonly incoming: AsyncIterable<Uint8Array>;
  send(bytes: Uint8Array): Promise<void>;
  /** Ends our direction. */
  finish(): Promise<void>;
}

interface OpenStream {
  readonly queue: ByteQueue;
}

/** The server's side of a SPDY/3.1 connection, over any transport that keeps order: a socket or web socket messages. */
export class SpdySession {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #accept: (stream: SpdyStream) => void;
  readonly #codec = new SpdyHeaderCodec();
  readonly #reader = new SpdyFrameReader();
  readonly #streams = new Map<number, OpenStream>();
  #closed = false;

  constructor(write: (bytes: Uint8Array) => Promise<void>, accept: (stream: SpdyStream) => void) {
    this.#write = write;
    this.#accept = accept;
  }

  /** Takes bytes of the client; resolves once there is room for more. */
  async receive(bytes: Uint8Array): Promise<void> {
    for (const frame of this.#reader.read(bytes)) await this.#take(frame);
  }

  /** Ends all streams. */
  close(): void {
    this.#closed = true;
    for (const { queue } of this.#streams.values()) queue.end();
    this.#streams.clear();
    this.#codec.close();
  }

  async #take(frame: SpdyFrame): Promise<void> {
    if (!frame.control) return this.#takeData(frame.stream, frame.payload, frame.flags);
    switch (frame.type) {
      case spdyType.synStream:
        return this.#open(Buffer.from(frame.payload), frame.flags);
      case spdyType.reset:
        this.#streams.get(Buffer.from(frame.payload).readUInt32BE(0))?.queue.end();
        return undefined;
      case spdyType.ping:
        return this.#send(frame);
      case spdyType.headers:
        // Nobody reads these headers, but the window of the compression must see them.
        await this.#codec.unpack(frame.payload.subarray(4));
        return undefined;
      default:
        return undefined;
    }
  }

  async #takeData(id: number, payload: Uint8Array, flags: number): Promise<void> {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    if (payload.byteLength > 0) await stream.queue.push(Uint8Array.from(payload));
    if ((flags & finFlag) !== 0) stream.queue.end();
  }

  /** SYN_STREAM: id, associated id, priority and slot, then headers. */
  async #open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.#codec.unpack(payload.subarray(10));
    const queue = new ByteQueue();
    this.#streams.set(id, { queue });
    if ((flags & finFlag) !== 0) queue.end();
    await this.#reply(id);
    let finished = false;
    this.#accept({
      headers,
      incoming: queue,
      send: (bytes) => (finished ? Promise.resolve() : this.#sendData(id, bytes)),
      finish: async () => {
        if (finished) return;
        finished = true;
        await this.#send({ control: false, stream: id, flags: finFlag, payload: new Uint8Array() });
      },
    });
  }

  async #reply(id: number): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(id);
    const payload = Buffer.concat([head, await this.#codec.pack({})]);
    await this.#send({ control: true, type: spdyType.synReply, flags: 0, payload });
  }

  async #sendData(id: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += maxPayload) {
      await this.#send({ control: false, stream: id, flags: 0, payload: bytes.subarray(at, at + maxPayload) });
    }
  }

  async #send(frame: SpdyFrame): Promise<void> {
    if (!this.#closed) await this.#write(encodeFrame(frame));
  }
}
