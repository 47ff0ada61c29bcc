import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { apiVersionOf } from '@reeve/api';
import type { KubeObject } from '@reeve/api';
import { discoverResources } from '@reeve/kube';
import type { APIResource, Client } from '@reeve/kube';
import { CliError } from './cli-error.ts';

type Named = KubeObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** Reads the objects of a YAML file. */
export async function readManifest(file: string): Promise<readonly Named[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return documents.map((document) => document.toJS() as Named | null).filter((object) => object !== null);
}

/** Server-side applies objects in order; kinds that an earlier object defines are waited for by the caller. */
export async function applyObjects(client: Client, objects: readonly Named[]): Promise<void> {
  let resources = await discoverResources(client);
  for (const object of objects) {
    let resource = find(resources, object);
    if (!resource) {
      resources = await discoverResources(client);
      resource = find(resources, object);
    }
    if (!resource) throw new CliError(`The cluster does not know ${object.kind} of ${object.apiVersion}.`);
    const api = client.of(resource);
    const target = resource.namespaced ? api.in(object.metadata.namespace ?? 'default') : api;
    await target.apply(object, { fieldManager: 'reeve', force: true });
  }
}

function find(resources: readonly APIResource[], { apiVersion, kind }: Named): APIResource | undefined {
  return resources.find(
    (resource) => apiVersionOf(resource) === apiVersion && resource.kind === kind && !resource.plural.includes('/'),
  );
}
