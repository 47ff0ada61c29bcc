import { labelRequirements, matchesLabels } from '@reeve/api';
import type { KubeObject, LabelSelector } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import { OperatorError } from '../operator-error.ts';
import { keyOf, keyText } from '../object-key.ts';
import type { Indexer } from './cached.ts';
import { HashIndex } from './hash-index.ts';
import { ObjectShelf } from './object-shelf.ts';
import type { Stamp } from './object-shelf.ts';
import type { ReadListOptions } from './reader.ts';

/** Some 3 MB of custom resources. */
const defaultParsed = 1000;

const byOwner = (object: KubeObject): readonly string[] =>
  (object.metadata?.ownerReferences ?? []).map(({ uid }) => uid);

const byNamespace = (object: KubeObject): readonly string[] => [object.metadata?.namespace ?? ''];

function isSelector(labels: NonNullable<ReadListOptions['labels']>): labels is LabelSelector {
  return 'matchLabels' in labels || 'matchExpressions' in labels || Object.keys(labels).length === 0;
}

/** True for objects with the wanted labels. */
function labelMatcher(labels: ReadListOptions['labels']): (object: KubeObject) => boolean {
  if (labels === undefined) return () => true;
  const selector: LabelSelector = isSelector(labels) ? labels : { matchLabels: labels };
  const requirements = labelRequirements(selector);
  return (object) => matchesLabels(requirements, object.metadata?.labels);
}

/** The objects of one cache with their indexes. An object is replaced, never changed: `===` means nothing happened. */
export class ObjectStore<T extends KubeObject> {
  readonly #objects: ObjectShelf<T>;
  readonly #owners = new HashIndex<T>(byOwner);
  readonly #namespaces = new HashIndex<T>(byNamespace);
  readonly #indexes = new Map<string, HashIndex<T>>();

  constructor(parsed: number = defaultParsed) {
    this.#objects = new ObjectShelf(parsed);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Declares an index; the same name with another function is a mistake. */
  addIndex(name: string, indexer: Indexer<T>): void {
    const present = this.#indexes.get(name);
    if (present !== undefined && present.indexer !== indexer) {
      throw new OperatorError('UndeclaredIndex', `two different indexes are called ${name}: give one another name`);
    }
    if (present !== undefined) return;
    const index = new HashIndex(indexer);
    for (const [key, object] of this.#objects.entries()) index.add(key, object);
    this.#indexes.set(name, index);
  }

  /** Keeps at least so many objects parsed. */
  keepParsed(count: number = defaultParsed): void {
    this.#objects.raiseLimit(count);
  }

  get(key: string): Stored<T> | undefined {
    return this.#objects.get(key);
  }

  /** Which state of an object is there, without reading the object. */
  stamp(key: string): Stamp | undefined {
    return this.#objects.stamp(key);
  }

  keys(): Iterable<string> {
    return this.#objects.keys();
  }

  *values(): Iterable<Stored<T>> {
    for (const [, object] of this.#objects.entries()) yield object;
  }

  /**
   * Puts an object in the place of the one with its key, which is returned. `cold`: one of many that arrive at once, not
   * likely to be read soon.
   */
  put(object: Stored<T>, { cold = false }: { readonly cold?: boolean } = {}): Stored<T> | undefined {
    const key = keyText(keyOf(object));
    const old = this.#objects.peek(key);
    if (old !== undefined) for (const index of this.#all()) index.remove(key, old);
    this.#objects.set(key, object, cold);
    for (const index of this.#all()) index.add(key, object);
    return old;
  }

  delete(key: string): Stored<T> | undefined {
    const old = this.#objects.peek(key);
    if (old === undefined) return undefined;
    for (const index of this.#all()) index.remove(key, old);
    this.#objects.delete(key);
    return old;
  }

  list({ namespace, labels }: ReadListOptions = {}): readonly Stored<T>[] {
    const all = namespace === undefined ? [...this.values()] : this.#pick(this.#namespaces.get(namespace));
    return labels === undefined ? all : all.filter(labelMatcher(labels));
  }

  ownedBy(uid: string): readonly Stored<T>[] {
    return this.#pick(this.#owners.get(uid));
  }

  by(name: string, value: string): readonly Stored<T>[] {
    const index = this.#indexes.get(name);
    if (index === undefined) {
      const known = [...this.#indexes.keys()].join(', ') || 'none';
      throw new OperatorError(
        'UndeclaredIndex',
        `there is no index ${name} (declared: ${known}): add it to the cache's indexes`,
      );
    }
    return this.#pick(index.get(value));
  }

  #pick(keys: Iterable<string>): readonly Stored<T>[] {
    const found: Stored<T>[] = [];
    for (const key of keys) {
      const object = this.#objects.peek(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  *#all(): Iterable<HashIndex<T>> {
    yield this.#owners;
    yield this.#namespaces;
    yield* this.#indexes.values();
  }
}
