import { Duplex } from 'node:stream';
import type { MessageStream } from '@reeve/api';

/** A conversation as a socket, for what speaks a protocol of its own through it. */
export function messageDuplex(stream: MessageStream): Duplex {
  const incoming = stream.incoming[Symbol.asyncIterator]();
  const fail =
    (callback: (error: Error) => void) =>
    (error: unknown): void =>
      callback(error instanceof Error ? error : new TypeError(String(error)));
  return new Duplex({
    read() {
      incoming.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        fail((error) => this.destroy(error)),
      );
    },
    write(chunk: Uint8Array, _encoding, callback) {
      stream.send(chunk).then(() => callback(), fail(callback));
    },
    final(callback) {
      stream.close().then(() => callback(), fail(callback));
    },
    destroy(error, callback) {
      stream.close().then(() => callback(error), fail(callback));
    },
  });
}
