import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import type { Client } from '@reeve/kube';
import type { Log } from '../log.ts';
import { OperatorError } from '../operator-error.ts';
import type { CacheOptions, Cached } from './cached.ts';
import { Informer } from './informer.ts';

/** Names a resource whatever its version. */
export function resourceId({ group, plural }: ResourceDescriptor): string {
  return `${plural}.${group}`;
}

export interface RegistryOptions {
  readonly client: Client;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

interface Entry {
  readonly informer: Informer<KubeObject>;
  readonly transform: CacheOptions<KubeObject>['transform'];
}

/** One informer for all who declare the same resource and selection. */
export class InformerRegistry {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry[]>();
  readonly #onAdded: ((informer: Informer<KubeObject>) => void)[] = [];

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** The informer for a declaration; made when it is the first of its kind. */
  obtain(declared: ResourceDescriptor | Cached): Informer<KubeObject> {
    const { resource, cache } = 'resource' in declared ? declared : { resource: declared, cache: {} };
    const { namespace = '', labelSelector = '', fieldSelector = '', metadataOnly = false } = cache;
    const id = JSON.stringify([
      resourceId(resource),
      resource.version,
      namespace,
      labelSelector,
      fieldSelector,
      metadataOnly,
    ]);
    const entries = this.#entries.get(id) ?? [];
    const present = entries.find(({ transform }) => transform === cache.transform);
    if (present !== undefined) {
      present.informer.share(cache);
      return present.informer;
    }
    const informer = new Informer({ ...this.#options, resource, cache });
    this.#entries.set(id, [...entries, { informer, transform: cache.transform }]);
    for (const listener of this.#onAdded) listener(informer);
    return informer;
  }

  all(): readonly Informer<KubeObject>[] {
    return [...this.#entries.values()].flat().map(({ informer }) => informer);
  }

  /** The next declaration gets a new informer. */
  drop(informer: Informer<KubeObject>): void {
    for (const [id, entries] of this.#entries) {
      this.#entries.set(
        id,
        entries.filter((entry) => entry.informer !== informer),
      );
    }
  }

  /** Calls back for every informer that is made from now on. */
  onAdded(listener: (informer: Informer<KubeObject>) => void): void {
    this.#onAdded.push(listener);
  }
}

/** The informers that one controller declared, by resource. */
export class InformerScope {
  readonly #registry: InformerRegistry;
  readonly #owner: string;
  readonly #informers = new Map<string, Informer<KubeObject>>();

  constructor(registry: InformerRegistry, owner: string) {
    this.#registry = registry;
    this.#owner = owner;
  }

  declare(declared: ResourceDescriptor | Cached): Informer<KubeObject> {
    const informer = this.#registry.obtain(declared);
    const id = resourceId(informer.resource);
    const present = this.#informers.get(id);
    if (present !== undefined && present !== informer) {
      throw new OperatorError(
        'ControllerInvalid',
        `${this.#owner} declares ${id} twice with different caches: use the same cache options in both places`,
      );
    }
    this.#informers.set(id, informer);
    return informer;
  }

  find(resource: ResourceDescriptor): Informer<KubeObject> | undefined {
    return this.#informers.get(resourceId(resource));
  }

  all(): readonly Informer<KubeObject>[] {
    return [...this.#informers.values()];
  }

  /** The informer of a resource that must have been declared. */
  require(resource: ResourceDescriptor): Informer<KubeObject> {
    const informer = this.find(resource);
    if (informer !== undefined) return informer;
    throw new OperatorError(
      'UndeclaredRead',
      `${this.#owner} reads ${resourceId(resource)} from memory without having declared it: add it to its owns, watches or reads`,
    );
  }
}
