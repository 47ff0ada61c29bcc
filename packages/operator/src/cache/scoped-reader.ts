import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import { keyText } from '../object-key.ts';
import type { InformerScope } from './informer-registry.ts';
import type { ObjectStore } from './object-store.ts';
import type { Reader } from './reader.ts';

/** Reads what a scope has declared. */
export function scopedReader(scope: Pick<InformerScope, 'require'>): Reader {
  const store = <T extends KubeObject>(resource: ResourceDescriptor<T>): ObjectStore<T> =>
    // A store is found by its descriptor, which carries the type.
    scope.require(resource).store as ObjectStore<KubeObject> as ObjectStore<T>;
  return {
    get: (resource, key) => store(resource).get(keyText(key)),
    list: (resource, options) => store(resource).list(options),
    ownedBy: (resource, owner) =>
      store(resource).ownedBy(typeof owner === 'string' ? owner : (owner.metadata?.uid ?? '')),
    by: (resource, index, value) => store(resource).by(index, value),
  };
}
