import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { Stored } from '../store/stored.ts';
import type { ObjectValue } from '../value.ts';

/** Names the collection in the store that all versions of a resource share. */
export function collectionOf({ storage }: Pick<ResourceInfo, 'storage'>): string {
  return storage.group === '' ? storage.plural : `${storage.plural}.${storage.group}`;
}

export function keyOf(resource: ResourceInfo, namespace: string, name: string): string {
  return resource.namespaced ? `${namespace}/${name}` : name;
}

/** From what is stored to the resource's version; the caller owns the result. */
export function inVersion(resource: ResourceInfo, stored: Stored): ObjectValue {
  return toVersion(resource, stored.object());
}

export function toVersion(resource: ResourceInfo, object: ObjectValue): ObjectValue {
  const converted = resource.fromStorage === undefined ? object : resource.fromStorage(object);
  return withType(converted, groupVersionOf(resource), resource.kind);
}

/** Takes the object over and gives the form that is stored; the type comes first in its text. */
export function toStored(resource: ResourceInfo, object: ObjectValue): ObjectValue {
  const converted = resource.toStorage === undefined ? object : resource.toStorage(object);
  const { apiVersion: _, kind: __, ...rest } = converted;
  return { apiVersion: groupVersionOf(resource.storage), kind: resource.storage.kind, ...rest };
}

function withType(object: ObjectValue, apiVersion: string, kind: string): ObjectValue {
  if (object['apiVersion'] === apiVersion && object['kind'] === kind) return object;
  const { apiVersion: _, kind: __, ...rest } = object;
  return { apiVersion, kind, ...rest };
}
