import type { KubeObject } from '@reeve/api';
import type { ResourceClient, Stored } from '@reeve/kube';

/** True if the object waits for this finalizer. */
export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata?.finalizers?.includes(finalizer) === true;
}

/** Sets the finalizers of exactly this version of the object: two writers cannot undo each other. */
function write<T extends KubeObject>(
  api: ResourceClient<T>,
  object: Stored<T>,
  finalizers: readonly string[],
): Promise<Stored<T>> {
  const { name, resourceVersion } = object.metadata;
  return api.patch(name, { merge: { metadata: { resourceVersion, finalizers } } });
}

/** Keeps the object from going before its clean-up. */
export function addFinalizer<T extends KubeObject>(
  api: ResourceClient<T>,
  object: Stored<T>,
  finalizer: string,
): Promise<Stored<T>> {
  return write(api, object, [...(object.metadata.finalizers ?? []), finalizer]);
}

/** Lets the object go. */
export function removeFinalizer<T extends KubeObject>(
  api: ResourceClient<T>,
  object: Stored<T>,
  finalizer: string,
): Promise<Stored<T>> {
  return write(
    api,
    object,
    (object.metadata.finalizers ?? []).filter((name) => name !== finalizer),
  );
}
