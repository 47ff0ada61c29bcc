import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Client } from './client.ts';
import { KubeError } from './kube-error.ts';

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly verbs: readonly string[];
}
interface DiscoveredGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions: readonly { readonly version: string; readonly resources?: readonly DiscoveredResource[] }[];
}

/** A resource as discovery tells of it. */
export interface APIResource extends ResourceDescriptor<KubeObject> {
  readonly verbs: readonly string[];
}

/** Every resource that the server has, each in its preferred version (KEP-3352, aggregated discovery). */
export async function discoverResources(client: Client): Promise<readonly APIResource[]> {
  const documents = await Promise.all(['/api', '/apis'].map((path) => discover(client, path)));
  return documents.flat().flatMap(({ metadata, versions }) => {
    const [preferred] = versions;
    return (preferred?.resources ?? []).map(({ resource, responseKind, scope, verbs }) => ({
      group: metadata?.name ?? '',
      version: preferred?.version ?? '',
      kind: responseKind?.kind ?? '',
      plural: resource,
      namespaced: scope === 'Namespaced',
      verbs,
    }));
  });
}

async function discover(client: Client, path: string): Promise<readonly DiscoveredGroup[]> {
  const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  const { status, body } = await client.transport.request({ method: 'GET', path, headers });
  const chunks = await Array.fromAsync(body);
  const text = Buffer.concat(chunks).toString();
  if (status !== 200) throw new KubeError('BadAnswer', `${path} answered ${status}: ${text.slice(0, 200)}`);
  return (JSON.parse(text) as { readonly items: readonly DiscoveredGroup[] }).items;
}
