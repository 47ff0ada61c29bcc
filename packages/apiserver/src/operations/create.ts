import type { Random } from '@reeve/api';
import type { Parts } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { alreadyExists, invalid, StatusError, statusError } from '../status-error.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import type { WriteContext } from '../strategy.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { finalizerWarnings } from '../meta/finalizers.ts';
import { checkType } from '../meta/type-check.ts';
import { validateMetadata } from '../meta/validate-metadata.ts';
import { generateName } from './names.ts';
import type { WriteRequest } from './operations.ts';
import { dedupeOwners } from '../meta/owner-references.ts';
import { collectionOf, keyOf, toStored, toVersion } from './storage-form.ts';
import { timestamp } from './times.ts';

const maxNameTries = 8;

/** What the operations work with. */
export interface Workshop {
  readonly store: Store;
  readonly random: Random;
  readonly nextUid: () => string;
  readonly parts: () => Parts;
}

/** A scale changes the object itself, so the rules of the main resource apply to it. */
export function writeContext(operation: 'create' | 'update', request: WriteRequest): WriteContext {
  const { now, dryRun, user, warn } = request;
  const subresource = request.subresource === 'scale' ? '' : request.subresource;
  return { operation, subresource, now, user, dryRun, warn };
}

/** Takes a defaulted object in and stores it: managed fields, admission, system metadata, validation. */
export async function createObject(
  workshop: Workshop,
  resource: ResourceInfo,
  namespace: string,
  object: ObjectValue,
  request: WriteRequest,
): Promise<ObjectValue> {
  const { admission, fieldManagement } = workshop.parts();
  dedupeOwners(object, 'given', request.warn);
  // A POST cannot bring them; server-side apply and PUT can, as on the real server.
  delete metadataOf(object)['deletionTimestamp'];
  delete metadataOf(object)['deletionGracePeriodSeconds'];
  fieldManagement.track({ ...request, old: undefined, object, resource, manager: request.fieldManager });
  const attributes = {
    ...request,
    operation: 'CREATE',
    resource,
    namespace,
    name: String(metadataOf(object)['name'] ?? ''),
    object,
    old: undefined,
  } as const;
  await admission.mutate(attributes);
  dedupeOwners(object, 'admitted', request.warn);
  return insertObject(workshop, resource, namespace, object, request, () =>
    admission.validate({ ...attributes, name: String(metadataOf(object)['name']) }),
  );
}

/** The part of a create after mutation, which a PUT to a new name shares. */
export async function insertObject(
  workshop: Workshop,
  resource: ResourceInfo,
  namespace: string,
  object: ObjectValue,
  request: WriteRequest,
  admit: () => Promise<void>,
): Promise<ObjectValue> {
  fillSystemFields(workshop, resource, namespace, object, request);
  prepareNew(resource, object, request);
  await admit();
  const metadata = metadataOf(object);
  refuseVersion(metadata);
  const name = String(metadata['name']);
  const key = keyOf(resource, namespace, name);
  const existing = workshop.store.get(collectionOf(resource), key);
  if (existing !== undefined) throw taken(resource, existing);
  const form = toStored(resource, object);
  if (request.dryRun) return toVersion(resource, form);
  const stored = workshop.store.put(collectionOf(resource), key, form, undefined);
  if (stored === undefined) throw alreadyExists(resource, name);
  await workshop.store.durable();
  return toVersion(resource, form);
}

function fillSystemFields(
  workshop: Workshop,
  resource: ResourceInfo,
  namespace: string,
  object: ObjectValue,
  request: WriteRequest,
): void {
  const metadata = metadataOf(object);
  delete metadata['selfLink'];
  if (resource.namespaced) metadata['namespace'] = namespace;
  else delete metadata['namespace'];
  metadata['uid'] = workshop.nextUid();
  metadata['creationTimestamp'] = timestamp(request.now);
  const base = metadata['generateName'];
  if (typeof base === 'string' && base !== '' && !metadata['name']) {
    metadata['name'] = freeName(workshop, resource, namespace, base);
  }
}

/** A generated name that nobody has (KEP-4420); after so many tries the last one, and the create fails. */
function freeName({ store, random }: Workshop, resource: ResourceInfo, namespace: string, base: string): string {
  const isTaken = (name: string): boolean =>
    store.get(collectionOf(resource), keyOf(resource, namespace, name)) !== undefined;
  let name = generateName(base, random);
  for (let tries = 1; tries < maxNameTries && isTaken(name); tries += 1) name = generateName(base, random);
  return name;
}

function prepareNew(resource: ResourceInfo, object: ObjectValue, request: WriteRequest): void {
  const { strategy } = resource;
  const context = writeContext('create', request);
  strategy.prepareForCreate(object, context);
  checkType(resource, object);
  const errors = [...validateMetadata(object, resource), ...strategy.validate(object, context)];
  // Errors name the kind as it is stored.
  if (errors.length > 0) throw invalid(resource.storage, String(metadataOf(object)['name'] ?? ''), errors);
  if (resource.custom) for (const text of finalizerWarnings(object, undefined)) request.warn(text);
  for (const text of strategy.warnings?.(object, undefined, context) ?? []) request.warn(text);
  strategy.canonicalize?.(object);
}

function taken(resource: ResourceInfo, existing: Stored): StatusError {
  const error = alreadyExists(resource, existing.name);
  if (metadataOf(existing.object())['deletionTimestamp'] === undefined) return error;
  return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` });
}

/** The store alone gives versions; the real one answers 500 here, without a reason. */
function refuseVersion(metadata: ObjectValue): void {
  const version = metadata['resourceVersion'];
  delete metadata['resourceVersion'];
  if (version === undefined || version === '' || version === '0') return;
  throw statusError(500, '', 'resourceVersion should not be set on objects to be created');
}
