import { apiVersionOf } from '@reeve/api';
import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Stored } from '../stored.ts';

/**
 * Fills in `apiVersion` and `kind`: items of built-in lists come without them, and metadata-only objects call
 * themselves PartialObjectMetadata.
 */
export function stamped<T extends KubeObject>(resource: ResourceDescriptor<T>, object: T): Stored<T> {
  const apiVersion = apiVersionOf(resource);
  if (object.kind === resource.kind && object.apiVersion === apiVersion) return object as Stored<T>;
  return { ...object, apiVersion, kind: resource.kind } as Stored<T>;
}
