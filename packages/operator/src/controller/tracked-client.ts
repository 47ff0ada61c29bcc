import type { KubeObject, ResourceDescriptor, Status } from '@reeve/api';
import type { Client, ResourceClient, Stored, SubresourceClient, WriteOptions } from '@reeve/kube';

/** A write that the server acknowledged. */
export type Write =
  | { readonly kind: 'put'; readonly resource: ResourceDescriptor; readonly object: KubeObject }
  | {
      readonly kind: 'delete';
      readonly resource: ResourceDescriptor;
      readonly namespace: string;
      readonly name: string;
      /** Of the object that was deleted, where the server said. */
      readonly uid: string | undefined;
    };

type Recorder = (write: Write) => void;

function trackedSubresource<T extends KubeObject, B extends KubeObject>(
  api: SubresourceClient<T, B>,
  note: (object: Stored<T>, options?: WriteOptions) => Stored<T>,
): SubresourceClient<T, B> {
  return {
    get: (name, options) => api.get(name, options),
    update: async (name, object, options) => note(await api.update(name, object, options), options),
    patch: async (name, patch, options) => note(await api.patch(name, patch, options), options),
    apply: async (object, options) => note(await api.apply(object, options), options),
  };
}

function trackedResource<T extends KubeObject>(api: ResourceClient<T>, record: Recorder): ResourceClient<T> {
  const { resource } = api;
  const note = <O extends KubeObject>(object: O, options?: WriteOptions): O => {
    // What was only tried will never be seen in a cache.
    if (options?.dryRun !== true) record({ kind: 'put', resource, object });
    return object;
  };
  return {
    ...api,
    create: async (object, options) => note(await api.create(object, options), options),
    update: async (object, options) => note(await api.update(object, options), options),
    patch: async (name, patch, options) => note(await api.patch(name, patch, options), options),
    apply: async (object, options) => note(await api.apply(object, options), options),
    async delete(name, options) {
      const answer = await api.delete(name, options);
      const uid = deletedUid(answer);
      if (options?.dryRun !== true) record({ kind: 'delete', resource, namespace: api.namespace ?? '', name, uid });
      return answer;
    },
    status: trackedSubresource(api.status, note),
    scale: trackedSubresource(api.scale, note),
  };
}

function deletedUid(answer: Stored<KubeObject> | Status): string | undefined {
  return 'uid' in answer.metadata ? answer.metadata.uid : (answer as Status).details?.uid;
}

/** The same client; `record` hears of every write to single objects. */
export function trackedClient(client: Client, record: Recorder): Client {
  return {
    ...client,
    of: (resource) => {
      const api = client.of(resource);
      return { ...trackedResource(api, record), in: (namespace) => trackedResource(api.in(namespace), record) };
    },
  };
}
