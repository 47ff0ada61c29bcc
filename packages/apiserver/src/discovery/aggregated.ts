import type { ResourceInfo, SubresourceInfo } from '../registry/resource-info.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import type { ServedGroup } from './group-versions.ts';
import type { MediaRange } from './media-range.ts';

type Document = Readonly<Record<string, unknown>>;

/** The media type of aggregated discovery (KEP-3352). */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Only v2 of the aggregated form is served. */
export function asksAggregated({ type, parameters }: MediaRange): boolean {
  return (
    type === 'application/json' &&
    parameters['g'] === 'apidiscovery.k8s.io' &&
    parameters['v'] === 'v2' &&
    parameters['as'] === 'APIGroupDiscoveryList'
  );
}

/** All groups with all their resources in one document. */
export function aggregatedDocument(registry: ResourceRegistry, groups: readonly ServedGroup[]): Document {
  const items = groups.map(({ name, versions }) => ({
    metadata: name === '' ? {} : { name },
    versions: versions.map((version) => ({
      version,
      resources: registry.inGroupVersion(name, version).map(resourceEntry),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function resourceEntry(resource: ResourceInfo): Document {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: { ...ownGroupVersion(resource), kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources: subresources.map((item) => subresourceEntry(resource, item)) } : {}),
  };
}

function subresourceEntry(parent: ResourceInfo, { name, kind, group, version, verbs }: SubresourceInfo): Document {
  const own = ownGroupVersion(parent);
  return {
    subresource: name,
    responseKind: { group: group ?? own.group, version: version ?? own.version, kind },
    verbs,
  };
}

/** Built-in kinds leave out what is the document's own; custom ones say it. */
function ownGroupVersion({ custom, group, version }: ResourceInfo): {
  readonly group: string;
  readonly version: string;
} {
  return custom ? { group, version } : { group: '', version: '' };
}
