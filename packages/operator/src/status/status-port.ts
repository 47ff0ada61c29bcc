import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import { isNotFound } from '@reeve/kube';
import type { Client, Patch, Stored } from '@reeve/kube';
import { mergePatchBetween, sameJSON } from '../equality.ts';

export interface StatusPortOptions<T extends KubeObject> {
  readonly client: Client;
  readonly resource: ResourceDescriptor<T>;
  readonly object: Stored<T>;
  readonly fieldManager: string;
  /** The controller is the only one to write this status: it is applied whole. Else only what changed is patched. */
  readonly sole: boolean;
}

/** The status part of any object. */
export function statusOf(object: KubeObject): object | undefined {
  return (object as { readonly status?: object }).status;
}

/** Writes an object's status when it differs from what was written last. */
export function statusPort<T extends KubeObject>(options: StatusPortOptions<T>): (status: object) => Promise<void> {
  const { client, resource, object, fieldManager, sole } = options;
  const { name, namespace, uid } = object.metadata;
  const api = (namespace === undefined ? client.of(resource) : client.of(resource).in(namespace)).status;
  let last: object = statusOf(object) ?? {};
  let version = object.metadata.resourceVersion;
  const identity = namespace === undefined ? { name, uid } : { name, namespace, uid };
  return async (status) => {
    if (sameJSON(status, last)) return;
    // The uid keeps the status of an object from landing on its successor of the same name.
    const change: Patch = sole
      ? { apply: { metadata: identity, status } }
      : { merge: { metadata: { resourceVersion: version }, status: mergePatchBetween(last, status) } };
    try {
      const answer = await api.patch(name, change, { fieldManager, force: sole });
      version = answer.metadata.resourceVersion;
    } catch (error) {
      // The object went while we worked: nobody is left to read its status.
      if (!isNotFound(error)) throw error;
    }
    last = status;
  };
}
