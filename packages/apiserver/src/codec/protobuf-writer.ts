/** Writes one message field by field. */
export class ProtobufWriter {
  readonly #chunks: Buffer[] = [];

  varint(number: number, value: number | bigint | boolean): void {
    this.#tag(number, 0);
    this.#chunks.push(varintBytes(BigInt(value)));
  }

  double(number: number, value: number): void {
    this.#tag(number, 1);
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#chunks.push(bytes);
  }

  bytes(number: number, value: Buffer): void {
    this.#tag(number, 2);
    this.#chunks.push(varintBytes(BigInt(value.length)), value);
  }

  text(number: number, value: string): void {
    this.bytes(number, Buffer.from(value, 'utf8'));
  }

  message(number: number, write: (message: ProtobufWriter) => void): void {
    const message = new ProtobufWriter();
    write(message);
    this.bytes(number, message.finish());
  }

  finish(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #tag(number: number, wire: number): void {
    this.#chunks.push(varintBytes(BigInt(number * 8 + wire)));
  }
}

/** Seven bits a byte, the lowest first; negative numbers as 64-bit two's complement. */
function varintBytes(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
