import { labelRequirements, matchesLabels } from '@reeve/api';
import type { KubeObject, LabelSelector, OwnerReference, ResourceDescriptor } from '@reeve/api';
import { isNotFound } from '@reeve/kube';
import type { Client, Stored } from '@reeve/kube';
import { controllerOf, controllerReference } from '../owned-pod.ts';

/** An object that may be owned through a label selector. */
export interface Claimable<T extends KubeObject> {
  readonly resource: ResourceDescriptor<T>;
  readonly objects: readonly Stored<T>[];
}

/**
 * The objects that `owner` manages: it adopts matching ones without a controller and releases its own that no longer
 * match. An owner that is being deleted does neither.
 */
export async function claim<T extends KubeObject>(
  client: Client,
  owner: {
    readonly resource: ResourceDescriptor;
    readonly object: Stored<KubeObject>;
    readonly selector: LabelSelector | undefined;
  },
  { resource, objects }: Claimable<T>,
): Promise<readonly Stored<T>[]> {
  const requirements = labelRequirements(owner.selector);
  const isGoing = owner.object.metadata.deletionTimestamp !== undefined;
  const claimed: Stored<T>[] = [];
  for (const object of objects) {
    const manager = controllerOf(object);
    const isMatching = matchesLabels(requirements, object.metadata.labels ?? {});
    if (manager?.uid === owner.object.metadata.uid) {
      if (isMatching) claimed.push(object);
      else if (!isGoing)
        await setOwners(client, resource, object, (owners) => owners.filter(({ uid }) => uid !== manager.uid));
    } else if (!manager && isMatching && !isGoing && object.metadata.deletionTimestamp === undefined) {
      const reference = controllerReference(owner.resource, owner.object);
      const adopted = await setOwners(client, resource, object, (owners) => [...owners, reference]);
      if (adopted) claimed.push(adopted);
    }
  }
  return claimed;
}

async function setOwners<T extends KubeObject>(
  client: Client,
  resource: ResourceDescriptor<T>,
  object: Stored<T>,
  change: (owners: readonly OwnerReference[]) => readonly OwnerReference[],
): Promise<Stored<T> | undefined> {
  const { namespace = '', name, uid, resourceVersion, ownerReferences = [] } = object.metadata;
  const merge = { metadata: { uid, resourceVersion, ownerReferences: change(ownerReferences) } };
  try {
    return await client.of(resource).in(namespace).patch(name, { merge });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
