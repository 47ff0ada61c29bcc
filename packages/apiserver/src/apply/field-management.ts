import { decodeBuiltIn } from '../codec/built-in.ts';
import { goTypeOf } from '../codec/go-types.ts';
import { timestamp } from '../operations/times.ts';
import type { FieldManagement } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { ResourceRegistry } from '../registry/resource-registry.ts';
import { conflict, StatusError, statusError } from '../status-error.ts';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { applyConfiguration } from './apply-configuration.ts';
import type { Application } from './apply-configuration.ts';
import { checkTypes, completeObject, readApplied, strictErrorsOf } from './apply-request.ts';
import { conflictError } from './conflict-error.ts';
import { conflictsBesideLastApplied, updateLastApplied } from './last-applied.ts';
import { isReset, readManagers, writeManagers } from './managers.ts';
import type { Managers } from './managers.ts';
import { reconcileManagers } from './ownership.ts';
import { ResourceVersions } from './resource-versions.ts';
import { trackUpdate } from './track-update.ts';
import { isOfType } from './type-errors.ts';

type ApplyInput = Parameters<FieldManagement['apply']>[0];
type TrackInput = Parameters<FieldManagement['track']>[0];

const NOBODY: Managers = new Map();
/** Owns what was there before anybody applied, if nobody was known to own it. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** What an object is before it is created: of a built-in kind, Go's zero value. */
function emptyObject(resource: ResourceInfo): ObjectValue {
  const type: ObjectValue = { apiVersion: groupVersionOf(resource), kind: resource.kind };
  const goType = resource.custom ? undefined : goTypeOf(resource);
  return goType === undefined ? type : decodeBuiltIn(goType, type).object;
}

function setManagers(object: ObjectValue, managers: Managers): void {
  const metadata = metadataOf(object);
  if (managers.size === 0) delete metadata['managedFields'];
  else metadata['managedFields'] = writeManagers(managers);
}

const managedFieldsOf = (object: ObjectValue | undefined): Value | undefined =>
  object === undefined ? undefined : metadataOf(object)['managedFields'];

/** What the request says about managers, or what the object had; a subresource cannot say anything. */
function managersBefore({ old, object, subresource }: TrackInput): Managers {
  const given = subresource === '' ? managedFieldsOf(object) : undefined;
  if (isReset(given)) return NOBODY;
  const managers = readManagers(given);
  if (managers !== undefined && managers.size > 0) return managers;
  return readManagers(managedFieldsOf(old)) ?? NOBODY;
}

function track(registry: ResourceRegistry, input: TrackInput): void {
  const { old, object, resource, subresource, manager, now } = input;
  const managers = managersBefore(input);
  delete metadataOf(object)['managedFields'];
  // Who owns an object that nobody is known to own stays unknown until the first apply.
  if (old !== undefined && managers.size === 0) return;
  // A custom resource may be older than its schema; the fields of what does not fit cannot be told.
  if (old !== undefined && resource.custom && !isOfType(resource.strategy.schema, old)) return;
  const versions = new ResourceVersions(registry, resource, subresource);
  const update = {
    before: old ?? emptyObject(resource),
    after: object,
    apiVersion: groupVersionOf(resource),
    subresource,
    manager,
    time: timestamp(now),
    versions,
  };
  setManagers(object, trackOrForget(resource.custom ? reconcileManagers(managers, versions) : managers, update));
}

/** An object whose lists cannot be told apart by key has no managers. */
function trackOrForget(managers: Managers, update: Parameters<typeof trackUpdate>[1]): Managers {
  try {
    return trackUpdate(managers, update);
  } catch (error) {
    if (error instanceof StatusError) return NOBODY;
    throw error;
  }
}

function managersOfLive(input: ApplyInput, live: ObjectValue, application: Application): Managers {
  const managers = readManagers(managedFieldsOf(live));
  if (managers === undefined) throw statusError(500, '', 'failed to decode managed fields');
  const { apiVersion, subresource, time, versions } = application;
  if (managers.size > 0 && input.resource.custom) return reconcileManagers(managers, versions);
  if (managers.size > 0 || input.live === undefined) return managers;
  return trackUpdate(managers, {
    before: emptyObject(input.resource),
    after: live,
    apiVersion,
    subresource,
    manager: BEFORE_FIRST_APPLY,
    time,
    versions,
  });
}

function apply(registry: ResourceRegistry, input: ApplyInput): ReturnType<FieldManagement['apply']> {
  const { resource, subresource, manager, force } = input;
  const body = readApplied(input);
  checkTypes(body.object, resource);
  if (input.live === undefined) refuseUid(body.object, resource);
  const live = input.live ?? emptyObject(resource);
  const apiVersion = groupVersionOf(resource);
  const versions = new ResourceVersions(registry, resource, subresource);
  const type = versions.typeOf(apiVersion) ?? { schema: resource.strategy.schema, reset: {} };
  const time = timestamp(input.now);
  const application = { live, applied: body.object, apiVersion, subresource, manager, time, type, versions };
  const result = applyConfiguration(managersOfLive(input, live, application), application);
  const conflicts = force
    ? NO_CONFLICTS
    : conflictsBesideLastApplied(result.conflicts, live, manager, apiVersion, type);
  if (conflicts.size > 0) throw conflictError(conflicts);
  const object = result.object === undefined ? live : completeObject(result.object, resource);
  updateLastApplied(object, body.object, manager);
  setManagers(object, result.managers);
  return { object, strictErrors: strictErrorsOf(body, input) };
}

/** A uid says that an object is expected to be there. */
function refuseUid(applied: ObjectValue, resource: ResourceInfo): void {
  const { uid, name } = isObject(applied['metadata']) ? applied['metadata'] : {};
  if (typeof uid !== 'string' || uid === '') return;
  throw conflict(
    resource,
    typeof name === 'string' ? name : '',
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  );
}

const NO_CONFLICTS: ReturnType<typeof conflictsBesideLastApplied> = new Map();

/** Server-side apply and the tracking of who owns which fields (KEP-555), for the resources of a registry. */
export function fieldManagement(registry: ResourceRegistry): FieldManagement {
  return {
    apply: (input) => apply(registry, input),
    track: (input) => track(registry, input),
  };
}
