import { apiVersionOf, parseAPIVersion } from '@reeve/api';
import type { KubeObject, OwnerReference, ResourceDescriptor } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import type { ObjectKey } from '../object-key.ts';

/** The reference that makes `owner` the one that manages an object. */
export function controllerReference(resource: ResourceDescriptor, owner: Stored<KubeObject>): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The reference to the object that manages this one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

/** The key of the object of `resource` that manages `object`. */
export function ownerKey(resource: ResourceDescriptor, object: KubeObject): ObjectKey | undefined {
  const reference = controllerOf(object);
  if (reference === undefined || reference.kind !== resource.kind) return undefined;
  if (parseAPIVersion(reference.apiVersion).group !== resource.group) return undefined;
  return { namespace: resource.namespaced ? (object.metadata?.namespace ?? '') : '', name: reference.name };
}
