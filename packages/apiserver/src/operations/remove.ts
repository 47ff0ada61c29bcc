import type { ResourceInfo } from '../registry/resource-info.ts';
import { conflict, notFound } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { Workshop } from './create.ts';
import type { DeleteOptions, DeleteResult, WriteRequest } from './operations.ts';
import { collectionOf, inVersion, keyOf, toVersion } from './storage-form.ts';
import { timestamp } from './times.ts';

const maxAttempts = 50;

/** Deletes an object, or marks it as being deleted while finalizers or a grace period hold it. */
export async function removeObject(
  workshop: Workshop,
  resource: ResourceInfo,
  namespace: string,
  name: string,
  options: DeleteOptions,
  request: WriteRequest,
): Promise<DeleteResult> {
  const collection = collectionOf(resource);
  const key = keyOf(resource, namespace, name);
  const { admission } = workshop.parts();
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const stored = workshop.store.get(collection, key);
    if (stored === undefined) throw notFound(resource, name);
    const old = inVersion(resource, stored);
    checkPreconditions(resource, name, old, options);
    await admission.validate({ ...request, operation: 'DELETE', resource, namespace, name, object: undefined, old });
    const marked = mark(resource, stored.object(), options, request);
    const finalizers = metadataOf(marked)['finalizers'];
    const isHeld = Array.isArray(finalizers) && finalizers.length > 0;
    const isGraceful = Number(metadataOf(marked)['deletionGracePeriodSeconds'] ?? 0) > 0;
    if (request.dryRun) return { object: toVersion(resource, marked), gone: !isHeld && !isGraceful };
    if (!isHeld && !isGraceful) {
      const last = workshop.store.delete(collection, key, stored);
      if (last === undefined) continue;
      await workshop.store.durable();
      return { object: inVersion(resource, last), gone: true };
    }
    const put = workshop.store.put(collection, key, marked, stored);
    if (put === undefined) continue;
    await workshop.store.durable();
    return { object: inVersion(resource, put), gone: false };
  }
  throw conflict(resource, name, 'too many writes came between; try again');
}

function checkPreconditions(resource: ResourceInfo, name: string, old: ObjectValue, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const metadata = metadataOf(old);
  if (uid !== undefined && uid !== metadata['uid']) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${String(metadata['uid'])}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata['resourceVersion']) {
    throw conflict(
      resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${String(metadata['resourceVersion'])}`,
    );
  }
}

function mark(resource: ResourceInfo, object: ObjectValue, options: DeleteOptions, request: WriteRequest): ObjectValue {
  const metadata = metadataOf(object);
  const finalizers = Array.isArray(metadata['finalizers']) ? metadata['finalizers'].map(String) : [];
  const policy = policyOf(resource, options, finalizers);
  const kept = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (policy === 'Orphan') kept.push('orphan');
  if (policy === 'Foreground') kept.push('foregroundDeletion');
  if (kept.length > 0) metadata['finalizers'] = kept;
  else delete metadata['finalizers'];
  const grace = resource.deletion.gracePeriod?.(object, options.gracePeriodSeconds) ?? 0;
  if (metadata['deletionTimestamp'] !== undefined) return object;
  if (typeof metadata['generation'] === 'number') metadata['generation'] += 1;
  metadata['deletionTimestamp'] = timestamp(request.now + grace * 1000);
  metadata['deletionGracePeriodSeconds'] = grace;
  return object;
}

function policyOf(resource: ResourceInfo, options: DeleteOptions, finalizers: readonly string[]): string {
  if (options.orphanDependents !== undefined) return options.orphanDependents ? 'Orphan' : 'Background';
  if (options.propagationPolicy !== undefined) return options.propagationPolicy;
  if (finalizers.includes('orphan')) return 'Orphan';
  if (finalizers.includes('foregroundDeletion')) return 'Foreground';
  return resource.deletion.orphansByDefault ? 'Orphan' : 'Background';
}
