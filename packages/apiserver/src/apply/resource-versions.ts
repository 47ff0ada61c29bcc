import { toStored, toVersion } from '../operations/storage-form.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import type { ObjectValue } from '../value.ts';
import { resetFieldsOf } from './reset-fields.ts';
import type { VersionedType, Versions } from './versions.ts';

/** The versions of one resource as the registry knows them now. */
export class ResourceVersions implements Versions {
  readonly #registry: ResourceRegistry;
  readonly #resource: ResourceInfo;
  readonly #subresource: string;

  constructor(registry: ResourceRegistry, resource: ResourceInfo, subresource: string) {
    this.#registry = registry;
    this.#resource = resource;
    this.#subresource = subresource;
  }

  /** The resource of that version which keeps its objects where ours does. */
  #inVersion(apiVersion: string): ResourceInfo | undefined {
    if (apiVersion === groupVersionOf(this.#resource)) return this.#resource;
    const [first = '', second] = apiVersion.split('/');
    const { storage } = this.#resource;
    return this.#registry
      .inGroupVersion(second === undefined ? '' : first, second ?? first)
      .find((other) => other.storage.group === storage.group && other.storage.plural === storage.plural);
  }

  typeOf(apiVersion: string): VersionedType | undefined {
    const resource = this.#inVersion(apiVersion);
    if (resource === undefined) return undefined;
    return { schema: resource.strategy.schema, reset: resetFieldsOf(resource, this.#subresource) };
  }

  convert(object: ObjectValue, from: string, to: string): ObjectValue | undefined {
    const target = this.#inVersion(to);
    if (from === to) return target === undefined ? undefined : object;
    const source = this.#inVersion(from);
    if (source === undefined || target === undefined) return undefined;
    return toVersion(target, toStored(source, structuredClone(object)));
  }
}
