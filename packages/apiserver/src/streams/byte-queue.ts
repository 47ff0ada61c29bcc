/** How much may wait before whoever fills the queue has to wait too. */
const highWater = 1024 * 1024;

/** Chunks on their way from one side to the other, in order, bounded. One reader only. */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #wakeReader: () => void = () => {};
  #wakeWriters: (() => void)[] = [];

  /** Resolves once there is room for more. After the end chunks are dropped. */
  async push(chunk: Uint8Array): Promise<void> {
    if (this.#ended) return;
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    this.#wakeReader();
    if (this.#size > highWater) await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
  }

  /** No more chunks come; those that wait are still read. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
    this.#releaseWriters();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#size -= chunk.byteLength;
          if (this.#size <= highWater) this.#releaseWriters();
          yield chunk;
        } else if (this.#ended) return;
        else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      this.end();
    }
  }

  #releaseWriters(): void {
    for (const wake of this.#wakeWriters.splice(0)) wake();
  }
}
