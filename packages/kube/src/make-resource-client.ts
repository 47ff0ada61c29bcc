import type { Clock, KubeList, KubeObject, ObjectMeta, Random, ResourceDescriptor, Status } from '@reeve/api';
import type { Scale } from '@reeve/api/autoscaling/v1';
import { isNotFound } from './api-error.ts';
import { stamped } from './decode/stamp.ts';
import { listPage, listPages, listQuery } from './list-pages.ts';
import type { ListOptions, Patch, PatchOptions } from './options.ts';
import type { ResourceApi, ResourceClient, SubresourceClient } from './resource-client.ts';
import { createCall, deleteCall, deleteCollectionCall, getCall, patchCall, updateCall } from './resource-calls.ts';
import type { Target } from './resource-calls.ts';
import type { Call, Sender } from './sender.ts';
import type { Stored } from './stored.ts';
import { watchConnection } from './watch/watch-connection.ts';
import { watchStream } from './watch/watch-stream.ts';

/** What resource clients share. */
export interface ResourceContext {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: Random;
}

/** Sends calls whose answer is an object of one resource. */
type SendObject<T extends KubeObject> = (call: Call) => Promise<Stored<T>>;

function objectSender<T extends KubeObject>(sender: Sender, resource: ResourceDescriptor<T>): SendObject<T> {
  return async (call) => stamped(resource, (await sender.json(call)) as T);
}

function subresourceClient<T extends KubeObject>(target: Target, send: SendObject<T>): SubresourceClient<T, T> {
  const at = (namespace: string | undefined): Target => ({ ...target, namespace: target.namespace ?? namespace });
  return {
    get: (name, options = {}) => send(getCall(target, name, options)),
    update: (name, object, options = {}) => send(updateCall(target, name, object, options)),
    patch: (name, patch, options = {}) => send(patchCall(target, name, patch, options)),
    apply: ({ metadata, ...rest }, options) =>
      send(patchCall(at(metadata.namespace), metadata.name, { apply: { ...rest, metadata } }, options)),
  };
}

/** Not a resource of its own: the scale of whatever can be scaled. */
const scaleResource: ResourceDescriptor<Scale> = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  namespaced: true,
};

/** The body of a scale is a Scale, whatever it scales. */
function scaleClient(target: Target, sender: Sender): SubresourceClient<Scale, Scale> {
  const send = objectSender(sender, scaleResource);
  const named = (object: object): object => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', ...object });
  const client = subresourceClient(target, send);
  return {
    ...client,
    update: (name, object, options = {}) => send(updateCall(target, name, named(object), options)),
    apply: (object, options) => client.apply(named(object) as typeof object, options),
  };
}

async function listAll<T extends KubeObject>(
  client: ResourceClient<T>,
  options: ListOptions,
): Promise<KubeList<Stored<T>>> {
  const items: Stored<T>[] = [];
  let metadata: KubeList<T>['metadata'] = {};
  for await (const page of client.pages(options)) {
    for (const item of page.items) items.push(item);
    metadata = page.metadata;
  }
  return { metadata, items };
}

/** Makes the client of one resource in one scope. */
function makeResourceClient<T extends KubeObject>(
  shared: ResourceContext,
  resource: ResourceDescriptor<T>,
  namespace: string | undefined,
): ResourceClient<T> {
  const target: Target = { resource, namespace };
  const context = { ...shared, resource, namespace };
  const { sender } = shared;
  const send = objectSender(sender, resource);
  const nameOf = (object: KubeObject): string => object.metadata?.name ?? '';
  const patch = (name: string, change: Patch, options: PatchOptions = {}): Promise<Stored<T>> =>
    send(patchCall(target, name, change, options));
  const client: ResourceClient<T> = {
    resource,
    namespace,
    get: (name, options = {}) => send(getCall(target, name, options)),
    find: (name, options) => client.get(name, options).catch((error: unknown) => absent(error)),
    list: (options = {}) => listPage(context, options),
    listAll: (options = {}) => listAll(client, options),
    pages: (options = {}) => listPages(context, options),
    create: (object, options = {}) => send(createCall(target, object, options)),
    update: (object, options = {}) => send(updateCall(target, nameOf(object), object, options)),
    patch,
    apply: (object, options) =>
      send(patchCall(applyTarget(target, object), object.metadata.name, { apply: object }, options)),
    async delete(name, options = {}) {
      const answer = (await sender.json(deleteCall(target, name, options))) as T | Status;
      return answer.kind === 'Status' ? (answer as Status) : stamped(resource, answer as T);
    },
    async deleteCollection(options = {}) {
      await sender.fetch(deleteCollectionCall(target, listQuery(options), options));
    },
    watch: (options = {}) => watchStream(context, options),
    watchOnce: (options = {}) => watchConnection(context, options),
    status: subresourceClient({ ...target, subresource: 'status' }, send),
    scale: scaleClient({ ...target, subresource: 'scale' }, sender),
  };
  return client;
}

function applyTarget(target: Target, object: { readonly metadata: ObjectMeta }): Target {
  return { ...target, namespace: target.namespace ?? object.metadata.namespace };
}

function absent(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

/** Makes the client of one resource in all namespaces, from which a namespace can be picked. */
export function makeResourceApi<T extends KubeObject>(
  shared: ResourceContext,
  resource: ResourceDescriptor<T>,
): ResourceApi<T> {
  return {
    ...makeResourceClient(shared, resource, undefined),
    in: (namespace) => makeResourceClient(shared, resource, namespace),
  };
}
