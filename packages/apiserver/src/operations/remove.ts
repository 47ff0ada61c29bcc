import type { ResourceInfo } from '../registry/resource-info.ts';
import { conflict, notFound, statusError } from '../status-error.ts';
import type { Stored } from '../store/stored.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { Workshop } from './create.ts';
import { decideDeletion } from './deletion.ts';
import type { DeleteOptions, DeleteResult, WriteRequest } from './operations.ts';
import { sameValue } from './same-value.ts';
import { collectionOf, inVersion, keyOf, toVersion } from './storage-form.ts';

const maxAttempts = 50;

interface Target {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
}

/** Deletes an object, or marks it as being deleted while finalizers or a grace period hold it. */
export async function removeObject(
  workshop: Workshop,
  target: Target,
  options: DeleteOptions,
  request: WriteRequest,
): Promise<DeleteResult> {
  const { resource, namespace, name } = target;
  const { admission } = workshop.parts();
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const stored = workshop.store.get(collectionOf(resource), keyOf(resource, namespace, name));
    if (stored === undefined) throw notFound(resource, name);
    const old = inVersion(resource, stored);
    checkPreconditions(target, old, options);
    const attributes = {
      ...request,
      operation: 'DELETE',
      resource,
      namespace,
      name: request.isCollection === true ? '' : name,
      object: undefined,
      old,
    } as const;
    await admission.mutate(attributes);
    await admission.validate(attributes);
    const result = removeStored(workshop, target, stored, options, request);
    if (result === undefined) continue;
    await workshop.store.durable();
    return result;
  }
  throw conflict(resource, name, 'too many writes came between; try again');
}

/** Undefined: another write came between. */
function removeStored(
  { store }: Workshop,
  { resource }: Target,
  stored: Stored,
  options: DeleteOptions,
  request: WriteRequest,
): DeleteResult | undefined {
  const collection = collectionOf(resource);
  const { key } = stored;
  const { marked, removes } = decideDeletion(resource, stored.object(), options, request.now);
  const isChanged = marked !== undefined && !sameValue(marked, stored.object());
  if (request.dryRun || (!isChanged && !removes)) {
    return { object: toVersion(resource, marked ?? stored.object()), gone: removes };
  }
  let newest = stored;
  if (isChanged) {
    const put = store.put(collection, key, marked, stored);
    if (put === undefined) return undefined;
    newest = put;
  }
  if (!removes) return { object: inVersion(resource, newest), gone: false };
  const last = store.delete(collection, key, newest);
  return last === undefined ? undefined : { object: inVersion(resource, last), gone: true };
}

/** Failed preconditions name the kind where other conflicts name the resource. */
function checkPreconditions({ resource, name }: Target, old: ObjectValue, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const metadata = metadataOf(old);
  const failed = (what: string, given: string, has: unknown, guess: string): Error => {
    const { group, kind } = resource;
    const qualified = group === '' ? kind : `${kind}.${group}`;
    return statusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualified} ${JSON.stringify(name)}: the ${what} in the precondition (${given}) does not match the ${what} in record (${String(has)}). The object might have been ${guess}`,
      { name, ...(group === '' ? {} : { group }), kind },
    );
  };
  if (uid !== undefined && uid !== metadata['uid']) {
    throw failed('UID', uid, metadata['uid'], 'deleted and then recreated');
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata['resourceVersion']) {
    throw failed('ResourceVersion', resourceVersion, metadata['resourceVersion'], 'modified');
  }
}
