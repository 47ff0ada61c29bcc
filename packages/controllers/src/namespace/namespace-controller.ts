import { formatTime } from '@reeve/api';
import { Namespace } from '@reeve/api/core/v1';
import { discoverResources, isMethodNotAllowed, isNotFound } from '@reeve/kube';
import type { APIResource, Client, Stored } from '@reeve/kube';
import { controller } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { listMetadata } from '../metadata-list.ts';
import type { MetadataList } from '../metadata-list.ts';
import { isEmpty, mergedConditions, namespaceConditions } from './namespace-conditions.ts';
import type { NamespaceContent } from './namespace-conditions.ts';

const FINALIZER = 'kubernetes';
const RETRY_MS = 500;

type Context = ReconcileContext<Namespace, Stored<Namespace>>;

/** Empties namespaces that are being deleted, pods first, and lets them go. */
export function namespaceController(): Controller {
  return controller(Namespace, {
    name: 'namespace',
    concurrency: 5,
    when: ({ object }) => object.metadata.deletionTimestamp !== undefined,
    permissions: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['list', 'delete', 'deletecollection', 'get', 'update', 'patch'] },
    ],
    async reconcile(context) {
      const { obj, client } = context;
      if (obj.metadata.deletionTimestamp === undefined || !obj.spec?.finalizers?.includes(FINALIZER)) return undefined;
      const content = await deleteContent(client, obj.metadata.name);
      await writeConditions(context, content);
      if (!isEmpty(content)) return { requeueAfterMs: RETRY_MS };
      await finalize(context);
      return undefined;
    },
  });
}

/** One pass: asks for the deletion of everything and tells what is left. Other kinds wait until the pods are gone. */
async function deleteContent(client: Client, namespace: string): Promise<NamespaceContent> {
  const resources = (await discoverResources(client)).filter(
    ({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'),
  );
  const isPods = ({ group, plural }: APIResource): boolean => group === '' && plural === 'pods';
  const remaining = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const pods = await Promise.all(resources.filter(isPods).map((resource) => deleteAll(client, resource, namespace)));
  const isHeld = pods.some(({ items }) => items.length > 0);
  const others = isHeld
    ? []
    : await Promise.all(
        resources.filter((resource) => !isPods(resource)).map((resource) => deleteAll(client, resource, namespace)),
      );
  for (const { resource, items } of others) {
    if (items.length > 0) remaining.set(`${resource.plural}.${resource.group}`, items.length);
    for (const name of items.flatMap(({ metadata }) => metadata.finalizers ?? []))
      finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  if (!isHeld) return { remaining, finalizers, failures: [] };
  const failures = [`unexpected items still remain in namespace: ${namespace} for gvr: /v1, Resource=pods`];
  return { remaining: new Map([['pods.', pods.length]]), finalizers, failures };
}

async function deleteAll(
  client: Client,
  resource: APIResource,
  namespace: string,
): Promise<{ readonly resource: APIResource; readonly items: MetadataList['items'] }> {
  const collection = client.of(resource).in(namespace);
  const list = async (): Promise<MetadataList['items']> => (await listMetadata(collection)).items;
  try {
    if ((await list()).length === 0) return { resource, items: [] };
    await collection.deleteCollection({ propagationPolicy: 'Background' });
    return { resource, items: await list() };
  } catch (error) {
    if (isNotFound(error) || isMethodNotAllowed(error)) return { resource, items: [] }; // the kind has gone meanwhile
    throw error;
  }
}

async function writeConditions({ obj, client, clock }: Context, content: NamespaceContent): Promise<void> {
  const now = formatTime(clock.now());
  const conditions = mergedConditions(obj.status?.conditions, namespaceConditions(shown(content)), now);
  if (conditions === undefined) return;
  await client.of(Namespace).status.patch(obj.metadata.name, { strategic: { status: { conditions } } });
}

/** While pods hold everything back, they are told of as the failure only. */
function shown(content: NamespaceContent): NamespaceContent {
  return content.failures.length > 0 ? { ...content, remaining: new Map() } : content;
}

async function finalize({ obj, client }: Context): Promise<void> {
  const finalizers = (obj.spec?.finalizers ?? []).filter((name) => name !== FINALIZER);
  const body = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { ...obj.metadata, managedFields: undefined, resourceVersion: undefined },
    spec: { finalizers },
  };
  await client.raw('PUT', `/api/v1/namespaces/${obj.metadata.name}/finalize`, { body }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
