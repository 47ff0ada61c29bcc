import { isObject, metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { semanticallyEqual } from '../equality.ts';
import type { KindRules } from '../kind-rules.ts';
import { assign, numberAt, valueAt } from '../object-path.ts';

/** A created object's generation and status, by the kind's rules. */
export function prepareCreated(rules: KindRules, object: ObjectValue, emptyStatus: ObjectValue | undefined): void {
  if (rules.generation) metadataOf(object)['generation'] = 1;
  if (rules.status === 'reset') assign(object, 'status', emptyStatus === undefined ? {} : structuredClone(emptyStatus));
}

/** An update through the main resource does not touch the status. */
export function keepStatus(rules: KindRules, object: ObjectValue, old: ObjectValue): void {
  if (rules.status !== undefined) assign(object, 'status', copyOf(old['status']));
}

/** The generation follows what changed. */
export function countChanges(rules: KindRules, object: ObjectValue, old: ObjectValue): void {
  if (rules.bumps?.some((path) => !semanticallyEqual(at(object, path), at(old, path)))) raiseGeneration(object, old);
}

/** One more than the old object's. */
export function raiseGeneration(object: ObjectValue, old: ObjectValue): void {
  metadataOf(object)['generation'] = (numberAt(metadataOf(old), 'generation') ?? 0) + 1;
}

/** An update through the status: everything that is not status stays. */
export function prepareStatus(rules: KindRules, object: ObjectValue, old: ObjectValue): void {
  for (const part of rules.statusKeeps ?? []) {
    if (part === 'metadata') keepMetadata(object, old);
    else keepPart(object, old, part);
  }
}

/** Of the metadata a write of the status may bring only the book of managed fields and its preconditions. */
export function keepMetadata(object: ObjectValue, old: ObjectValue): void {
  const given = metadataOf(object);
  const kept = structuredClone(metadataOf(old));
  for (const key of ['managedFields', 'resourceVersion', 'uid']) assign(kept, key, given[key]);
  object['metadata'] = kept;
}

function keepPart(object: ObjectValue, old: ObjectValue, path: string): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) assign(object, first, copyOf(old[first]));
  else assign(metadataOf(object), second, copyOf(valueAt(old, first, second)));
}

function at(object: ObjectValue, path: string): ObjectValue[string] | undefined {
  return path.includes('.') ? valueAt(object, ...path.split('.')) : object[path];
}

/** Parts of the old object are copied: it may be shared, and the new one is changed in place. */
export function copyOf(value: ObjectValue[string] | undefined): ObjectValue[string] | undefined {
  return isObject(value) || Array.isArray(value) ? structuredClone(value) : value;
}
