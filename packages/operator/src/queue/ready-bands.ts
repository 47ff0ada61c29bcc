/** A key that is ready to be worked on. */
export interface ReadyItem {
  readonly key: string;
  readonly priority: number;
  /** When it became ready. */
  readonly since: number;
}

/**
 * Keys in bands of priority, first in first out within each. Every eighth take is the key that has waited longest, of
 * whatever priority: a steady stream of important keys slows the others down but never starves them
 * (controller-runtime issue 3496).
 */
export class ReadyBands {
  readonly #bands = new Map<number, Map<string, ReadyItem>>();
  readonly #items = new Map<string, ReadyItem>();
  #order: number[] = [];
  #takes = 0;

  get size(): number {
    return this.#items.size;
  }

  get(key: string): ReadyItem | undefined {
    return this.#items.get(key);
  }

  add(item: ReadyItem): void {
    this.#items.set(item.key, item);
    let band = this.#bands.get(item.priority);
    if (band === undefined) {
      band = new Map();
      this.#bands.set(item.priority, band);
      this.#order = [...this.#bands.keys()].toSorted((a, b) => b - a);
    }
    band.set(item.key, item);
  }

  remove(key: string): ReadyItem | undefined {
    const item = this.#items.get(key);
    if (item === undefined) return undefined;
    this.#items.delete(key);
    const band = this.#bands.get(item.priority);
    band?.delete(key);
    if (band?.size === 0) {
      this.#bands.delete(item.priority);
      this.#order = this.#order.filter((priority) => priority !== item.priority);
    }
    return item;
  }

  take(): ReadyItem | undefined {
    this.#takes += 1;
    const item = this.#takes % 8 === 0 ? this.#oldest() : this.#first(this.#order[0]);
    return item === undefined ? undefined : this.remove(item.key);
  }

  /** Keys per priority. */
  depths(): ReadonlyMap<number, number> {
    return new Map([...this.#bands].map(([priority, band]) => [priority, band.size]));
  }

  #first(priority: number | undefined): ReadyItem | undefined {
    return priority === undefined ? undefined : this.#bands.get(priority)?.values().next().value;
  }

  #oldest(): ReadyItem | undefined {
    let oldest: ReadyItem | undefined;
    for (const priority of this.#order) {
      const item = this.#first(priority);
      if (item !== undefined && (oldest === undefined || item.since < oldest.since)) oldest = item;
    }
    return oldest;
  }
}
