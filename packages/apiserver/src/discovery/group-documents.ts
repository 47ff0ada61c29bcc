import type { ResourceInfo, SubresourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { ServedGroup } from './group-versions.ts';

/** Plain JSON that is only ever printed. */
type Document = Readonly<Record<string, unknown>>;

/** `/api`. */
export function apiVersions(core: ServedGroup, serverAddress: string): Document {
  return {
    kind: 'APIVersions',
    versions: core.versions,
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

function groupEntry({ name, versions }: ServedGroup): Document {
  const entries = versions.map((version) => ({ groupVersion: groupVersionOf({ group: name, version }), version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/** `/apis`. */
export function groupList(groups: readonly ServedGroup[]): Document {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

/** `/apis/apps`. */
export function groupDocument(group: ServedGroup): Document {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

/** `/apis/apps/v1`: resources, each followed by its subresources. */
export function resourceList(groupVersion: string, resources: readonly ResourceInfo[]): Document {
  const entries = resources.flatMap((resource) => [
    resourceEntry(resource),
    ...resource.subresources.map((subresource) => subresourceEntry(resource, subresource)),
  ]);
  // The core group's document has no apiVersion of its own on the real server.
  const own = groupVersion.includes('/') ? { apiVersion: 'v1' } : {};
  return { kind: 'APIResourceList', ...own, groupVersion, resources: entries };
}

function resourceEntry(resource: ResourceInfo): Document {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, storageVersionHash } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(storageVersionHash ? { storageVersionHash } : {}),
  };
}

function subresourceEntry(parent: ResourceInfo, { name, kind, group, version, verbs }: SubresourceInfo): Document {
  return {
    name: `${parent.plural}/${name}`,
    singularName: '',
    namespaced: parent.namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind,
    verbs,
  };
}
