import { inVersion } from '../operations/storage-form.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import { toJSONText } from '../store/json-text.ts';
import type { Stored } from '../store/stored.ts';

/** What every stored text of a resource begins with. */
function typePrefix(apiVersion: string, kind: string): string {
  return `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)}`;
}

/**
 * Versions whose stored text is what the resource shows of them, as a custom resource's is unless its schema changed
 * after it was written. Finding that out means to read the object once; lists and watches then take the text.
 */
const unchanged = new WeakMap<ResourceInfo, WeakSet<Stored>>();

function unchangedOf(resource: ResourceInfo): WeakSet<Stored> {
  const known = unchanged.get(resource) ?? new WeakSet<Stored>();
  unchanged.set(resource, known);
  return known;
}

/** The JSON text of an object in the resource's version; without parsing it where only apiVersion differs. */
export function objectText(resource: ResourceInfo, stored: Stored): string {
  if (resource.fromStorage !== undefined) {
    const known = unchangedOf(resource);
    if (known.has(stored)) return stored.json;
    const text = toJSONText(inVersion(resource, stored));
    if (text !== stored.json) return text;
    known.add(stored);
    return stored.json;
  }
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
