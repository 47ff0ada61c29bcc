/** An entry that falls due at a time. */
export interface Due {
  readonly at: number;
}

/** The soonest entry first, in O(log n). */
export class DueHeap<T extends Due> {
  readonly #entries: T[] = [];

  get size(): number {
    return this.#entries.length;
  }

  peek(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    let place = this.#entries.length;
    this.#entries.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#entries[parent];
      if (above === undefined || above.at <= entry.at) break;
      this.#entries[place] = above;
      place = parent;
    }
    this.#entries[place] = entry;
  }

  pop(): T | undefined {
    const first = this.#entries[0];
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: T): void {
    const { length } = this.#entries;
    let place = 0;
    for (let child = 1; child < length; child = 2 * place + 1) {
      const left = this.#entries[child];
      const right = this.#entries[child + 1];
      const smaller = right !== undefined && left !== undefined && right.at < left.at ? child + 1 : child;
      const below = this.#entries[smaller];
      if (below === undefined || entry.at <= below.at) break;
      this.#entries[place] = below;
      place = smaller;
    }
    this.#entries[place] = entry;
  }
}
