import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from './spdy-dictionary.ts';

/** Names are lower-case. */
export type SpdyHeaders = Readonly<Record<string, string>>;

/** Runs one block through a zlib stream that lives as long as the connection, and gives what comes out. */
function transform(stream: Deflate | Inflate, block: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): void => void chunks.push(chunk);
    stream.on('data', collect).once('error', reject);
    stream.write(block);
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off('data', collect).off('error', reject);
      resolve(Buffer.concat(chunks));
    });
  });
}

function encodePairs(headers: SpdyHeaders): Uint8Array {
  const entries = Object.entries(headers);
  const parts = [uint32(entries.length)];
  for (const text of entries.flat()) parts.push(uint32(Buffer.byteLength(text)), Buffer.from(text));
  return Buffer.concat(parts);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function decodePairs(block: Uint8Array): SpdyHeaders {
  const bytes = Buffer.from(block);
  let at = 0;
  const number = (): number => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const headers: Record<string, string> = {};
  for (let left = number(); left > 0; left -= 1) {
    const name = text();
    headers[name.toLowerCase()] = text();
  }
  return headers;
}

/** Packs and unpacks the header blocks of one connection; blocks of one direction share a window, so order matters. */
export class SpdyHeaderCodec {
  readonly #deflate = createDeflate({ dictionary: spdyDictionary });
  readonly #inflate = createInflate({ dictionary: spdyDictionary });
  #writing: Promise<unknown> = Promise.resolve();
  #reading: Promise<unknown> = Promise.resolve();

  pack(headers: SpdyHeaders): Promise<Uint8Array> {
    const packed = this.#writing.then(() => transform(this.#deflate, encodePairs(headers)));
    this.#writing = packed.catch(() => {});
    return packed;
  }

  unpack(block: Uint8Array): Promise<SpdyHeaders> {
    const headers = this.#reading.then(async () => decodePairs(await transform(this.#inflate, block)));
    this.#reading = headers.catch(() => {});
    return headers;
  }

  close(): void {
    this.#deflate.destroy();
    this.#inflate.destroy();
  }
}
