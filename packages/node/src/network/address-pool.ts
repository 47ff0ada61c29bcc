import { NodeError } from '../node-error.ts';
import { addressAt } from './ipv4.ts';
import type { CIDR } from './ipv4.ts';

/** Hands out a node's pod addresses in turn, so that a freed one is not used again at once. */
export class AddressPool {
  readonly #range: CIDR;
  readonly #used = new Set<number>();
  #next = 2;

  /** The first address of the range stays with the node itself. */
  constructor(range: CIDR) {
    this.#range = range;
  }

  take(): string {
    const last = 2 ** (32 - this.#range.prefix) - 2;
    for (let tries = 2; tries <= last; tries++) {
      const index = this.#next;
      this.#next = index === last ? 2 : index + 1;
      if (!this.#used.has(index)) {
        this.#used.add(index);
        return addressAt(this.#range, index);
      }
    }
    throw new NodeError('CommandFailed', 'the node has no pod address left; delete some of its pods');
  }

  free(address: string): void {
    for (const index of this.#used) {
      if (addressAt(this.#range, index) === address) this.#used.delete(index);
    }
  }
}
