import type { ObjectValue } from '../value.ts';
import { capManagers } from './cap-managers.ts';
import { difference, isEmpty, union } from './field-set.ts';
import { managerKey, newManager } from './managers.ts';
import type { Manager, Managers } from './managers.ts';
import { UNOWNED } from './metadata-fields.ts';
import { Change, shiftOwnership } from './ownership.ts';
import type { Versions } from './versions.ts';

/** A create, PUT or patch by one manager. */
export interface Update {
  readonly before: ObjectValue;
  readonly after: ObjectValue;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly manager: string;
  /** The time of an entry that gains fields. */
  readonly time: string;
  readonly versions: Versions;
}

/** The managers after an update: who makes it owns what it adds or changes, and nobody else does. */
export function trackUpdate(managers: Managers, update: Update): Managers {
  const { before, after, apiVersion, subresource, versions } = update;
  const change = new Change(before, after, apiVersion, versions);
  const { managers: left } = shiftOwnership(managers, change, '');
  const own = change.in(apiVersion);
  const taken = own === undefined ? {} : difference(union(own.modified, own.added), UNOWNED);
  if (isEmpty(taken)) return capManagers(left);
  const fresh = newManager(update.manager, 'Update', apiVersion, subresource);
  const key = managerKey(fresh);
  const previous = left.get(key);
  const fields = previous === undefined ? taken : union(taken, previous.fields);
  const entry: Manager = { ...fresh, time: update.time, fields };
  return capManagers(new Map(left).set(key, entry));
}
