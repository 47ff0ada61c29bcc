import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Large enough for objects of one kind to share their words, small enough to be opened in some 100 µs. */
const blockBytes = 128 * 1024;
/**
 * The fastest level: objects of one kind are so alike that higher ones gain little. Small tables and answers, since Node
 * keeps them until the next full garbage collection.
 */
const compression = {
  chunkSize: 8192,
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    [constants.ZSTD_c_windowLog]: 17,
    [constants.ZSTD_c_hashLog]: 13,
  },
};

/** Where a text is kept. Compaction moves it; -1 when it has been removed. */
export interface Place {
  block: Block;
  at: number;
  readonly bytes: number;
}

interface Block {
  /** Compressed; undefined while the block is being filled. */
  sealed: Buffer | undefined;
  /** In the order in which they lie there; some may have left since. */
  readonly places: Place[];
  size: number;
  live: number;
}

const emptyBlock = (): Block => ({ sealed: undefined, places: [], size: 0, live: 0 });

/**
 * Keeps many texts in little memory: packed into compressed blocks, outside of the heap that the garbage collector
 * walks. A block less than half of which is still wanted is emptied into the one being filled.
 */
export class TextSlab {
  /** The bytes of the block being filled; most stores never need it. */
  #page: Buffer | undefined;
  #filling: Block = emptyBlock();
  /** The block that was opened last: neighbours are often read together. */
  #opened: { readonly block: Block; readonly bytes: Buffer } | undefined;
  #bytes = 0;

  /** What the compressed blocks take up. */
  get bytes(): number {
    return this.#bytes;
  }

  add(text: string): Place {
    const place: Place = { block: this.#filling, at: 0, bytes: Buffer.byteLength(text) };
    this.#lay(place, (target, at) => target.write(text, at));
    return place;
  }

  read({ block, at, bytes }: Place): string {
    return this.#open(block).toString('utf8', at, at + bytes);
  }

  remove(place: Place): void {
    const { block } = place;
    place.at = -1;
    block.live -= place.bytes;
    if (block.sealed === undefined) return;
    if (block.live === 0) this.#discard(block);
    else if (block.live * 2 < block.size) this.#empty(block);
  }

  /** Puts a text into the block being filled; one that is larger than a block gets its own. */
  #lay(place: Place, write: (target: Buffer, at: number) => void): void {
    const shared = (this.#page ??= Buffer.allocUnsafeSlow(blockBytes));
    if (this.#filling.size + place.bytes > blockBytes) this.#seal(shared);
    const block = this.#filling;
    const page = place.bytes > blockBytes ? Buffer.allocUnsafeSlow(place.bytes) : shared;
    place.block = block;
    place.at = block.size;
    write(page, block.size);
    block.places.push(place);
    block.size += place.bytes;
    block.live += place.bytes;
    if (page !== shared) this.#seal(page);
  }

  #seal(page: Buffer): void {
    const block = this.#filling;
    if (block.size === 0) return;
    this.#filling = emptyBlock();
    if (block.live === 0) return;
    const compressed = zstdCompressSync(page.subarray(0, block.size), compression);
    // A copy: the original lies in a buffer that is sized for the worst case.
    const sealed = Buffer.allocUnsafeSlow(compressed.length);
    compressed.copy(sealed);
    block.sealed = sealed;
    this.#bytes += sealed.length;
  }

  #open(block: Block): Buffer {
    if (block === this.#filling && this.#page !== undefined) return this.#page;
    if (this.#opened?.block === block) return this.#opened.bytes;
    const bytes = zstdDecompressSync(block.sealed ?? '', { chunkSize: blockBytes });
    this.#opened = { block, bytes };
    return bytes;
  }

  #empty(block: Block): void {
    const source = this.#open(block);
    this.#discard(block);
    for (const place of block.places) {
      const { at } = place;
      if (at < 0) continue;
      this.#lay(place, (target, to) => source.copy(target, to, at, at + place.bytes));
    }
  }

  #discard(block: Block): void {
    this.#bytes -= block.sealed?.length ?? 0;
    if (this.#opened?.block === block) this.#opened = undefined;
  }
}
