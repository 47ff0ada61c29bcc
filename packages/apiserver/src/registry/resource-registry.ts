import type { ResourceInfo } from './resource-info.ts';
import { groupVersionOf } from './resource-info.ts';

/**
 * The resources that the server serves now, by group version and plural. Built-in ones are there from the start; custom
 * ones come and go, and each change raises `epoch` and tells the listeners, so that discovery and OpenAPI can follow.
 */
export class ResourceRegistry {
  readonly #byGroupVersion = new Map<string, Map<string, ResourceInfo>>();
  readonly #listeners = new Set<() => void>();
  #epoch = 0;

  /** Rises with every change. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Adds resources or replaces them. */
  add(...resources: readonly ResourceInfo[]): void {
    for (const resource of resources) {
      const key = groupVersionOf(resource);
      const version = this.#byGroupVersion.get(key) ?? new Map<string, ResourceInfo>();
      version.set(resource.plural, resource);
      this.#byGroupVersion.set(key, version);
    }
    this.#changed();
  }

  /** Takes a resource away in all its versions; its objects stay in the store. */
  remove(group: string, plural: string): void {
    for (const [key, version] of this.#byGroupVersion) {
      if (version.get(plural)?.group !== group) continue;
      version.delete(plural);
      if (version.size === 0) this.#byGroupVersion.delete(key);
    }
    this.#changed();
  }

  find(group: string, version: string, plural: string): ResourceInfo | undefined {
    return this.#byGroupVersion.get(groupVersionOf({ group, version }))?.get(plural);
  }

  /** By kind, for references inside objects; the first version that has it if none is given. */
  findKind(group: string, kind: string, version?: string): ResourceInfo | undefined {
    for (const resource of this.all()) {
      if (resource.group !== group || resource.kind !== kind) continue;
      if (version === undefined || resource.version === version) return resource;
    }
    return undefined;
  }

  hasGroupVersion(group: string, version: string): boolean {
    return this.#byGroupVersion.has(groupVersionOf({ group, version }));
  }

  hasGroup(group: string): boolean {
    for (const { group: other } of this.all()) if (other === group) return true;
    return false;
  }

  /** Of one group version, in the order of their arrival. */
  inGroupVersion(group: string, version: string): readonly ResourceInfo[] {
    return [...(this.#byGroupVersion.get(groupVersionOf({ group, version }))?.values() ?? [])];
  }

  *all(): IterableIterator<ResourceInfo> {
    for (const version of this.#byGroupVersion.values()) yield* version.values();
  }

  /** Calls `listener` after each change until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    this.#epoch += 1;
    for (const listener of this.#listeners) listener();
  }
}
