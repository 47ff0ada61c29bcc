import type { ObjectValue } from '../value.ts';
import { compareObjects, isSame } from './compare.ts';
import type { Comparison } from './compare.ts';
import { difference, intersection, isEmpty, recursiveDifference, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import type { Manager, Managers } from './managers.ts';
import { reconcileFields } from './reconcile-schema.ts';
import type { Versions } from './versions.ts';

/** Fields of other managers that a change would take from them. */
export type Conflicts = ReadonlyMap<Manager, FieldSet>;

/** A change of an object, seen in every version that its managers use. */
export class Change {
  readonly #before: ObjectValue;
  readonly #after: ObjectValue;
  readonly #apiVersion: string;
  readonly #versions: Versions;
  readonly #comparisons = new Map<string, Comparison | undefined>();

  constructor(before: ObjectValue, after: ObjectValue, apiVersion: string, versions: Versions) {
    this.#before = before;
    this.#after = after;
    this.#apiVersion = apiVersion;
    this.#versions = versions;
  }

  /** Undefined if there is no such version. */
  in(apiVersion: string): Comparison | undefined {
    if (!this.#comparisons.has(apiVersion)) this.#comparisons.set(apiVersion, this.#compare(apiVersion));
    return this.#comparisons.get(apiVersion);
  }

  #compare(apiVersion: string): Comparison | undefined {
    const type = this.#versions.typeOf(apiVersion);
    const before = this.#versions.convert(this.#before, this.#apiVersion, apiVersion);
    const after = this.#versions.convert(this.#after, this.#apiVersion, apiVersion);
    if (type === undefined || before === undefined || after === undefined) return undefined;
    const { added, modified, removed } = compareObjects(type.schema, before, after);
    return {
      added: recursiveDifference(added, type.reset),
      modified: recursiveDifference(modified, type.reset),
      removed: recursiveDifference(removed, type.reset),
    };
  }
}

/** What a change means for everybody but the one who makes it. */
export interface Shift {
  /** The managers left, without what they lost. */
  readonly managers: Managers;
  /** What was lost to new values. */
  readonly conflicts: Conflicts;
}

/** Takes from all managers but `self` what a change gives new values or removes; who owns nothing any more is gone. */
export function shiftOwnership(managers: Managers, change: Change, self: string): Shift {
  const left = new Map<string, Manager>();
  const conflicts = new Map<Manager, FieldSet>();
  for (const [key, manager] of managers) {
    if (key === self) {
      if (!isEmpty(manager.fields)) left.set(key, manager);
      continue;
    }
    const comparison = change.in(manager.apiVersion);
    if (comparison === undefined) continue;
    const kept = isSame(comparison) ? manager.fields : keptFields(manager, comparison, conflicts);
    if (!isEmpty(kept)) left.set(key, kept === manager.fields ? manager : { ...manager, fields: kept });
  }
  return { managers: left, conflicts };
}

function keptFields(manager: Manager, comparison: Comparison, conflicts: Map<Manager, FieldSet>): FieldSet {
  const { added, modified, removed } = comparison;
  const lost = intersection(manager.fields, union(modified, added));
  if (!isEmpty(lost)) conflicts.set(manager, lost);
  return difference(difference(manager.fields, lost), removed);
}

/** The managers with their fields as the schemas take them now, which for custom resources may have changed. */
export function reconcileManagers(managers: Managers, versions: Versions): Managers {
  const reconciled = new Map<string, Manager>();
  for (const [key, manager] of managers) {
    const type = versions.typeOf(manager.apiVersion);
    const fields = type === undefined ? manager.fields : reconcileFields(type.schema, manager.fields);
    reconciled.set(key, fields === manager.fields ? manager : { ...manager, fields });
  }
  return reconciled;
}
