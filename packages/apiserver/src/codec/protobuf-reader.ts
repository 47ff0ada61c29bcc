import { badRequest } from '../status-error.ts';

/** Wire types of the protobuf encoding (https://protobuf.dev/programming-guides/encoding/). */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

const unexpectedEnd = (): Error => badRequest('unexpected EOF');

/** Reads one message field by field. Running off its end is an error in Go's words. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The next field's number and wire type; undefined at the end of the message. */
  field(): { readonly number: number; readonly wire: number } | undefined {
    if (this.#at >= this.#end) return undefined;
    const tag = Number(this.varint());
    const number = Math.floor(tag / 8);
    if (number === 0) throw badRequest(`proto: illegal tag 0 (wire type ${tag % 8})`);
    return { number, wire: tag % 8 };
  }

  /** A varint as signed 64-bit integer. */
  varint(): number | bigint {
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      small += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return small;
    }
    return this.#largeVarint(BigInt(small));
  }

  #largeVarint(start: bigint): number | bigint {
    let value = start;
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return toInteger(BigInt.asIntN(64, value));
    }
    throw badRequest('proto: integer overflow');
  }

  #byte(): number {
    if (this.#at >= this.#end) throw unexpectedEnd();
    const byte = this.#bytes[this.#at];
    this.#at++;
    return byte ?? 0;
  }

  double(): number {
    const start = this.#advance(8);
    return this.#bytes.readDoubleLE(start);
  }

  bytes(): Buffer {
    const length = Number(this.varint());
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  message(): ProtobufReader {
    const length = Number(this.varint());
    const start = this.#advance(length);
    return new ProtobufReader(this.#bytes, start, start + length);
  }

  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === FIXED64) this.#advance(8);
    else if (wire === BYTES) this.#advance(Number(this.varint()));
    else if (wire === FIXED32) this.#advance(4);
    else throw badRequest(`proto: illegal wireType ${wire}`);
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#end) throw unexpectedEnd();
    this.#at = start + length;
    return start;
  }
}

function toInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
