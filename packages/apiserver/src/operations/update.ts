import type { ResourceInfo } from '../registry/resource-info.ts';
import { conflict, invalid, notFound, statusError } from '../status-error.ts';
import type { Stored } from '../store/stored.ts';
import { fieldErrors } from '../field-error.ts';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { finalizerWarnings } from '../meta/finalizers.ts';
import { checkType } from '../meta/type-check.ts';
import { dedupeOwners } from '../meta/owner-references.ts';
import { keepSystemFields, validateMetadataUpdate } from '../meta/metadata-update.ts';
import { insertObject, writeContext } from './create.ts';
import type { Workshop } from './create.ts';
import type { Change, UpdateOptions, WriteRequest } from './operations.ts';
import { sameValue } from './same-value.ts';
import { collectionOf, inVersion, keyOf, toStored, toVersion } from './storage-form.ts';

/** Where an update happens. */
interface Target {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
}

interface Updated {
  readonly object: ObjectValue;
  readonly created: boolean;
}

const staleMessage = 'the object has been modified; please apply your changes to the latest version and try again';

/** Writers that come between are rare, as a step of ours is interrupted only by admission; this many in a row is a fault. */
const maxAttempts = 50;

/** Reads, changes, checks and writes, again from the start when another write came between. */
export async function updateObject(
  workshop: Workshop,
  target: Target,
  change: Change,
  request: WriteRequest,
  options: UpdateOptions,
): Promise<Updated> {
  const { resource, namespace, name } = target;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const stored = workshop.store.get(collectionOf(resource), keyOf(resource, namespace, name));
    const updated =
      stored === undefined
        ? await createByPut(workshop, target, change, request, options)
        : await updateStored(workshop, target, stored, change, request, options);
    if (updated !== undefined) return updated;
  }
  throw conflict(resource, name, staleMessage);
}

async function createByPut(
  workshop: Workshop,
  { resource, namespace, name }: Target,
  change: Change,
  request: WriteRequest,
  options: UpdateOptions,
): Promise<Updated> {
  const mayCreate = options.creates === true || (options.isPut && resource.strategy.allowCreateOnUpdate);
  if (!mayCreate || request.subresource !== '') throw notFound(resource, name);
  const object = await change(undefined);
  const { uid } = metadataOf(object);
  if (options.creates === true && uid) {
    const detail = `uid mismatch: the provided object specified uid ${String(uid)}, and no existing object was found`;
    throw conflict(resource, name, detail);
  }
  const { admission, fieldManagement } = workshop.parts();
  delete metadataOf(object)['resourceVersion'];
  if (options.tracked !== true) {
    fieldManagement.track({ ...request, old: undefined, object, resource, manager: request.fieldManager });
  }
  const attributes = { ...request, operation: 'CREATE', resource, namespace, name, object, old: undefined } as const;
  await admission.mutate(attributes);
  const made = await insertObject(workshop, resource, namespace, object, request, () => admission.validate(attributes));
  return { object: made, created: true };
}

async function updateStored(
  workshop: Workshop,
  target: Target,
  stored: Stored,
  change: Change,
  request: WriteRequest,
  options: UpdateOptions,
): Promise<Updated | undefined> {
  const { resource, namespace, name } = target;
  const { admission, fieldManagement } = workshop.parts();
  const old = inVersion(resource, stored);
  const object = await change(inVersion(resource, stored));
  if (options.isPut) checkUid(resource, name, object, old);
  if (options.isPut) dedupeOwners(object, 'given', request.warn);
  if (options.tracked !== true) {
    fieldManagement.track({ ...request, old, object, resource, manager: request.fieldManager });
  }
  keepManagedTimes(object, old);
  const attributes = { ...request, operation: 'UPDATE', resource, namespace, name, object, old } as const;
  await admission.mutate(attributes);
  dedupeOwners(object, 'admitted', request.warn);
  checkVersion(resource, name, object, stored.revision);
  prepareChanged(resource, object, old, request);
  await admission.validate(attributes);
  return commit(workshop, target, stored, object, request);
}

/** Another uid than the stored one is an error of the store's, not of validation. */
function checkUid(resource: ResourceInfo, name: string, object: ObjectValue, old: ObjectValue): void {
  const uid = metadataOf(object)['uid'];
  const current = metadataOf(old)['uid'];
  if (!uid || uid === current) return;
  const { group, plural, namespaced } = resource;
  const place = namespaced ? `${String(metadataOf(old)['namespace'])}/${name}` : name;
  const key = `/registry/${group === '' || group.includes('k8s.io') ? '' : `${group}/`}${plural}/${place}`;
  throw conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${String(current)}`,
  );
}

function checkVersion(resource: ResourceInfo, name: string, object: ObjectValue, revision: number): void {
  const metadata = metadataOf(object);
  const given = metadata['resourceVersion'];
  if (given === undefined || given === '' || given === '0') {
    if (!resource.strategy.allowUnconditionalUpdate) {
      const error = fieldErrors.invalid('metadata.resourceVersion', 0, 'must be specified for an update');
      // The real server names the resource here where other errors name the kind.
      throw invalid({ group: resource.group, kind: resource.plural }, name, [error]);
    }
    metadata['resourceVersion'] = String(revision);
    return;
  }
  if (typeof given !== 'string' || !/^\d+$/.test(given)) {
    throw statusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(given)}: invalid syntax`);
  }
  if (given !== String(revision)) throw conflict(resource, name, staleMessage);
}

function prepareChanged(resource: ResourceInfo, object: ObjectValue, old: ObjectValue, request: WriteRequest): void {
  const { strategy } = resource;
  const context = writeContext('update', request);
  keepSystemFields(object, old);
  strategy.prepareForUpdate(object, old, context);
  checkType(resource, object);
  const errors = [...validateMetadataUpdate(object, old, resource), ...strategy.validateUpdate(object, old, context)];
  // Errors name the kind as it is stored.
  if (errors.length > 0) throw invalid(resource.storage, String(metadataOf(old)['name']), errors);
  if (resource.custom) for (const text of finalizerWarnings(object, old)) request.warn(text);
  for (const text of strategy.warnings?.(object, old, context) ?? []) request.warn(text);
  strategy.canonicalize?.(object);
}

/** A write that changes only the times in managedFields is none: the old ones are kept. */
function keepManagedTimes(object: ObjectValue, old: ObjectValue): void {
  const metadata = metadataOf(object);
  const before = metadataOf(old)['managedFields'];
  const after = metadata['managedFields'];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return;
  const version = metadata['resourceVersion'] || (metadataOf(old)['resourceVersion'] ?? '');
  const untimed: ObjectValue = { ...metadata, managedFields: after.map(withoutTime), resourceVersion: version };
  const oldUntimed: ObjectValue = { ...metadataOf(old), managedFields: before.map(withoutTime) };
  if (sameValue({ ...object, metadata: untimed }, { ...old, metadata: oldUntimed })) metadata['managedFields'] = before;
}

function withoutTime(entry: ObjectValue[string]): ObjectValue[string] {
  if (!isObject(entry)) return entry;
  const { time: _, ...rest } = entry;
  return rest;
}

async function commit(
  workshop: Workshop,
  { resource, namespace, name }: Target,
  stored: Stored,
  object: ObjectValue,
  request: WriteRequest,
): Promise<Updated | undefined> {
  const form = toStored(resource, object);
  metadataOf(form)['resourceVersion'] = String(stored.revision);
  if (sameValue(form, stored.object())) return { object: toVersion(resource, form), created: false };
  const collection = collectionOf(resource);
  const key = keyOf(resource, namespace, name);
  if (request.dryRun) return { object: toVersion(resource, form), created: false };
  if (isReleased(resource, form, stored.object())) {
    if (workshop.store.delete(collection, key, stored) === undefined) return undefined;
  } else if (workshop.store.put(collection, key, form, stored) === undefined) {
    return undefined;
  }
  await workshop.store.durable();
  return { object: toVersion(resource, form), created: false };
}

/** An update that takes the last finalizer away from an object whose grace period is over deletes it. */
function isReleased({ deletion }: ResourceInfo, form: ObjectValue, old: ObjectValue): boolean {
  const { finalizers } = metadataOf(form);
  if (Array.isArray(finalizers) && finalizers.length > 0) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadataOf(old);
  if (deletionTimestamp === undefined || Number(deletionGracePeriodSeconds ?? 0) > 0) return false;
  return deletion.isHeld?.(form) !== true;
}
