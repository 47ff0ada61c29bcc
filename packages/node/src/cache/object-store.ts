import { ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret } from '@reeve/api/core/v1';
import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Client, Stored } from '@reeve/kube';

import { ObjectCache } from './object-cache.ts';
import type { ObjectSource } from './object-source.ts';

/** Told that an object which pods may mount has changed. */
export type MountedListener = (kind: 'ConfigMap' | 'Secret', namespace: string, name: string) => void;

/**
 * Reads what pods name. Config maps and secrets are watched by namespace once a pod there needs one; what the watch has
 * not seen yet is read directly.
 */
export class ObjectStore implements ObjectSource {
  readonly #client: Client;
  readonly #onChange: MountedListener;
  readonly #onError: (message: string) => void;
  readonly #configMaps = new Map<string, ObjectCache<ConfigMap>>();
  readonly #secrets = new Map<string, ObjectCache<Secret>>();

  constructor(client: Client, onChange: MountedListener, onError: (message: string) => void) {
    this.#onError = onError;
    this.#client = client;
    this.#onChange = onChange;
  }

  configMap(namespace: string, name: string): Promise<ConfigMap | undefined> {
    const cache = this.#cache(this.#configMaps, ConfigMap, 'ConfigMap', namespace);
    return this.#read(cache, ConfigMap, namespace, name);
  }

  secret(namespace: string, name: string): Promise<Secret | undefined> {
    const cache = this.#cache(this.#secrets, Secret, 'Secret', namespace);
    return this.#read(cache, Secret, namespace, name);
  }

  claim(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined> {
    return this.#client.of(PersistentVolumeClaim).in(namespace).find(name);
  }

  volume(name: string): Promise<PersistentVolume | undefined> {
    return this.#client.of(PersistentVolume).find(name);
  }

  async #read<T extends KubeObject>(
    cache: ObjectCache<T>,
    resource: ResourceDescriptor<T>,
    namespace: string,
    name: string,
  ): Promise<Stored<T> | undefined> {
    return cache.get(namespace, name) ?? (await this.#client.of(resource).in(namespace).find(name));
  }

  #cache<T extends KubeObject>(
    caches: Map<string, ObjectCache<T>>,
    resource: ResourceDescriptor<T>,
    kind: 'ConfigMap' | 'Secret',
    namespace: string,
  ): ObjectCache<T> {
    const known = caches.get(namespace);
    if (known !== undefined) return known;
    const cache = new ObjectCache(this.#client, resource, this.#onError, { namespace });
    caches.set(namespace, cache);
    cache.onChange((current, previous) => this.#onChange(kind, namespace, (current ?? previous)?.metadata.name ?? ''));
    cache.start();
    return cache;
  }
}
