import { inVersion } from '../operations/storage-form.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { toJSONText } from '../store/json-text.ts';
import type { Stored } from '../store/stored.ts';

/** What every stored text of a resource begins with. */
export function typePrefix(apiVersion: string, kind: string): string {
  return `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)}`;
}

/** The JSON text of an object in the resource's version; without parsing it where only apiVersion differs. */
export function objectText(resource: ResourceInfo, stored: Stored): string {
  if (resource.fromStorage !== undefined) return toJSONText(inVersion(resource, stored));
  const { storage, kind } = resource;
  const before = typePrefix(groupVersionOf(storage), storage.kind);
  const after = typePrefix(groupVersionOf(resource), kind);
  if (before === after) return stored.json;
  if (!stored.json.startsWith(before)) return toJSONText(inVersion(resource, stored));
  return after + stored.json.slice(before.length);
}

/** The same inside a list: items of built-in kinds carry no type of their own. */
export function itemText(resource: ResourceInfo, stored: Stored): string {
  const text = objectText(resource, stored);
  if (resource.custom) return text;
  const prefix = typePrefix(groupVersionOf(resource), resource.kind);
  if (!text.startsWith(prefix)) {
    const { apiVersion: _, kind: __, ...rest } = inVersion(resource, stored);
    return toJSONText(rest);
  }
  const rest = text.slice(prefix.length);
  return `{${rest.startsWith(',') ? rest.slice(1) : rest}`;
}
