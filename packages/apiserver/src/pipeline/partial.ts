import type { ObjectValue } from '../value.ts';
import { metadataOf } from '../value.ts';

/** `PartialObjectMetadata` of an object. */
export function metadataOnly(object: ObjectValue, version: 'v1' | 'v1beta1'): ObjectValue {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: metadataOf(object) };
}
