import type { ObjectValue } from '../value.ts';
import { difference, EMPTY_SET, intersection, isEmpty, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { fieldsOf, withNamedFields } from './fields-of.ts';
import type { Manager, Managers } from './managers.ts';
import { removeFields } from './remove-fields.ts';
import type { Versions } from './versions.ts';

/** One object before and after pruning, in one version. */
interface Pruning {
  readonly merged: ObjectValue;
  readonly pruned: ObjectValue;
}

/** Brings back what pruning took although somebody owns it, as seen in one version. */
function restoreOwned(
  { merged, pruned }: Pruning,
  from: string,
  to: string,
  owned: FieldSet,
  versions: Versions,
): Pruning & { readonly apiVersion: string } {
  const type = versions.typeOf(to);
  const mergedThere = versions.convert(merged, from, to);
  const prunedThere = versions.convert(pruned, from, to);
  if (type === undefined || mergedThere === undefined || prunedThere === undefined)
    return { merged, pruned, apiVersion: from };
  const { schema } = type;
  const all = withNamedFields(schema, fieldsOf(schema, mergedThere));
  const kept = withNamedFields(schema, fieldsOf(schema, prunedThere));
  const removed = difference(all, union(kept, withNamedFields(schema, owned)));
  return { merged: mergedThere, pruned: removeFields(schema, mergedThere, removed), apiVersion: to };
}

/** All that somebody owns, by version; that of the pruning first, as others may not convert without it. */
function ownedByVersion(managers: Managers, first: string): Map<string, FieldSet> {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of managers.values())
    owned.set(apiVersion, union(owned.get(apiVersion) ?? EMPTY_SET, fields));
  const own = owned.get(first);
  return own === undefined ? owned : new Map([[first, own], ...owned]);
}

/**
 * Takes from a merged object what its applier applied last time and no longer does, unless somebody else owns it.
 * Items and fields that nobody owned stay.
 */
export function pruneApplied(
  merged: ObjectValue,
  last: Manager | undefined,
  claimed: FieldSet,
  managers: Managers,
  apiVersion: string,
  versions: Versions,
): ObjectValue {
  if (last === undefined || isEmpty(last.fields)) return merged;
  const version = last.apiVersion;
  if (version === apiVersion && isEmpty(difference(last.fields, claimed))) return merged;
  const type = versions.typeOf(version);
  const start = versions.convert(merged, apiVersion, version);
  if (type === undefined || start === undefined) return merged;
  const { schema } = type;
  const lastFields = withNamedFields(schema, last.fields);
  let state = { merged: start, pruned: removeFields(schema, start, lastFields), apiVersion: version };
  for (const [to, owned] of ownedByVersion(managers, version))
    state = restoreOwned(state, state.apiVersion, to, owned, versions);
  const prunedThere = versions.convert(state.pruned, state.apiVersion, version);
  if (prunedThere === undefined) return merged;
  const all = withNamedFields(schema, fieldsOf(schema, start));
  const kept = withNamedFields(schema, fieldsOf(schema, prunedThere));
  const removed = intersection(difference(all, kept), lastFields);
  return versions.convert(removeFields(schema, start, removed), version, apiVersion) ?? merged;
}
