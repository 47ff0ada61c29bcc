import type { KubeObject } from '@reeve/api';
import type { ResourceClient, Stored } from '@reeve/kube';

/** The metadata of every object of a collection, and the version from which to watch it. */
export interface MetadataList {
  readonly items: readonly Pick<Stored<KubeObject>, 'metadata'>[];
  readonly resourceVersion: string;
}

/** Lists without specs and statuses: whoever looks at every kind must not pay for what it does not read. */
export async function listMetadata(
  collection: Pick<ResourceClient<KubeObject>, 'pages'>,
  signal?: AbortSignal,
): Promise<MetadataList> {
  const items: Pick<Stored<KubeObject>, 'metadata'>[] = [];
  let resourceVersion = '0';
  for await (const page of collection.pages({ metadataOnly: true, ...(signal ? { signal } : {}) })) {
    items.push(...page.items);
    resourceVersion = page.metadata.resourceVersion ?? '0';
  }
  return { items, resourceVersion };
}
