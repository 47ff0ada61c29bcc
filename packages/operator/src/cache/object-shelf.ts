import type { KubeObject } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import { TextSlab } from './text-slab.ts';
import type { Place } from './text-slab.ts';

/** What tells one state of an object from another. */
export interface Stamp {
  readonly uid: string;
  readonly resourceVersion: string;
}

interface Entry<T extends KubeObject> extends Stamp {
  /** While it is among those kept parsed. */
  object: Stored<T> | undefined;
  /** Given out once, perhaps still in use: whoever reads it again must get the same object. */
  given: WeakRef<Stored<T>> | undefined;
  text: Place | undefined;
}

/**
 * Objects by key. So many are kept parsed, those used last; the others as compressed text, a tenth of the size, which a
 * read parses anew (some 100 µs, less for neighbours). An object is the same (`===`) for as long as someone holds it.
 */
export class ObjectShelf<T extends KubeObject> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Keys of the parsed objects, the one used last at the end. */
  readonly #parsed = new Map<string, Entry<T>>();
  readonly #slab = new TextSlab();
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Keeps at least so many objects parsed from now on. */
  raiseLimit(limit: number): void {
    this.#limit = Math.max(this.#limit, limit);
  }

  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  stamp(key: string): Stamp | undefined {
    return this.#entries.get(key);
  }

  /** One object, which counts as used. */
  get(key: string): Stored<T> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.object !== undefined && this.#entries.size <= this.#limit) return entry.object;
    const object = this.#read(entry);
    this.#use(key, entry, object);
    return object;
  }

  /** One object among many: a walk over all of them does not push out those in use. */
  peek(key: string): Stored<T> | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined ? undefined : this.#read(entry);
  }

  *entries(): Iterable<[string, Stored<T>]> {
    for (const [key, entry] of this.#entries) yield [key, this.#read(entry)];
  }

  /** `cold` objects, of which many come at once, push out none that are in use. */
  set(key: string, object: Stored<T>, cold: boolean): void {
    const { uid, resourceVersion } = object.metadata;
    this.#forget(key);
    const entry: Entry<T> = { uid, resourceVersion, object: undefined, given: undefined, text: undefined };
    this.#entries.set(key, entry);
    if (cold && this.#parsed.size >= this.#limit) entry.text = this.#slab.add(JSON.stringify(object));
    else this.#use(key, entry, object);
  }

  delete(key: string): void {
    this.#forget(key);
    this.#entries.delete(key);
  }

  #forget(key: string): void {
    const text = this.#entries.get(key)?.text;
    if (text !== undefined) this.#slab.remove(text);
    this.#parsed.delete(key);
  }

  #use(key: string, entry: Entry<T>, object: Stored<T>): void {
    entry.object = object;
    this.#parsed.delete(key);
    this.#parsed.set(key, entry);
    if (this.#parsed.size <= this.#limit) return;
    for (const [oldest, unused] of this.#parsed) {
      this.#parsed.delete(oldest);
      this.#pack(unused);
      return;
    }
  }

  #pack(entry: Entry<T>): void {
    const { object } = entry;
    if (object === undefined) return;
    entry.given = new WeakRef(object);
    entry.text ??= this.#slab.add(JSON.stringify(object));
    entry.object = undefined;
  }

  #read(entry: Entry<T>): Stored<T> {
    const present = entry.object ?? entry.given?.deref();
    if (present !== undefined || entry.text === undefined) return present as Stored<T>;
    const object = JSON.parse(this.#slab.read(entry.text)) as Stored<T>;
    entry.given = new WeakRef(object);
    return object;
  }
}
