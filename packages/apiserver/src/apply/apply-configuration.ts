import { sameValue } from '../operations/same-value.ts';
import type { ObjectValue } from '../value.ts';
import { difference, isEmpty, recursiveDifference } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import { managerKey, newManager } from './managers.ts';
import type { Manager, Managers } from './managers.ts';
import { mergeObjects } from './merge-values.ts';
import { UNOWNED } from './metadata-fields.ts';
import { Change, shiftOwnership } from './ownership.ts';
import type { Conflicts } from './ownership.ts';
import { pruneApplied } from './prune.ts';
import type { VersionedType, Versions } from './versions.ts';

/** An apply by one manager. */
export interface Application {
  readonly live: ObjectValue;
  readonly applied: ObjectValue;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly manager: string;
  readonly time: string;
  readonly type: VersionedType;
  readonly versions: Versions;
}

/** What comes of an apply. The caller refuses it if there are conflicts and it is not forced. */
export interface Applied {
  /** Undefined if the object stays as it is (its managers may not). */
  readonly object: ObjectValue | undefined;
  readonly managers: Managers;
  readonly conflicts: Conflicts;
}

/** Merges what is applied into the live object and says who owns what then (KEP-555). */
export function applyConfiguration(managers: Managers, application: Application): Applied {
  const { live, applied, apiVersion, subresource, type, versions } = application;
  const fresh = newManager(application.manager, 'Apply', apiVersion, subresource);
  const key = managerKey(fresh);
  const last = managers.get(key);
  const fields = recursiveDifference(fieldsOf(type.schema, applied), type.reset);
  const claiming: Managers = new Map(managers).set(key, { ...fresh, time: last?.time, fields });
  const merged = mergeObjects(type.schema, live, applied);
  const object = pruneApplied(merged, last, fields, claiming, apiVersion, versions);
  const change = new Change(live, object, apiVersion, versions);
  const { managers: left, conflicts } = shiftOwnership(claiming, change, key);
  const isUnchanged = sameValue(live, object);
  const time = isUnchanged ? last?.time : application.time;
  return {
    object: isUnchanged ? undefined : object,
    managers: withOwnFields(left, key, time),
    conflicts,
  };
}

/** Leaves out what nobody may own; who then owns nothing has no entry. */
function withOwnFields(managers: Managers, key: string, time: string | undefined): Managers {
  const own: Manager | undefined = managers.get(key);
  if (own === undefined) return managers;
  const fields = difference(own.fields, UNOWNED);
  const result = new Map(managers);
  if (isEmpty(fields)) result.delete(key);
  else result.set(key, { ...own, time, fields });
  return result;
}
