import { writeJson } from '../codec/json-writer.ts';
import { readJson } from '../codec/json-reader.ts';
import { StatusError } from '../status-error.ts';
import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { compareObjects } from './compare.ts';
import { difference, isEmpty } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import type { Manager } from './managers.ts';
import type { Conflicts } from './ownership.ts';
import { typeErrors } from './type-errors.ts';
import type { VersionedType } from './versions.ts';

/** Where kubectl's client-side apply keeps what it applied last. */
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** The only manager that moves objects from client-side to server-side apply. */
const KUBECTL = 'kubectl';

function lastAppliedText(object: ObjectValue): string {
  const annotations = metadataOf(object)['annotations'];
  const text = isObject(annotations) ? annotations[ANNOTATION] : undefined;
  return typeof text === 'string' ? text : '';
}

function readLastApplied(object: ObjectValue, apiVersion: string): ObjectValue | undefined {
  const text = lastAppliedText(object);
  if (text === '') return undefined;
  try {
    const { value } = readJson(text);
    return isObject(value) && value['apiVersion'] === apiVersion ? value : undefined;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** Fields that client-side apply set to what they are now: kubectl may take them over without a conflict. */
function ownedByClientSideApply(live: ObjectValue, apiVersion: string, { schema }: VersionedType): FieldSet {
  const applied = readLastApplied(live, apiVersion);
  if (applied === undefined || typeErrors(schema, applied) !== undefined) return {};
  const { modified, added, removed } = compareObjects(schema, applied, live);
  return difference(difference(difference(fieldsOf(schema, applied), modified), added), removed);
}

/** The conflicts that are left when kubectl upgrades an object from client-side apply. */
export function conflictsBesideLastApplied(
  conflicts: Conflicts,
  live: ObjectValue,
  manager: string,
  apiVersion: string,
  type: VersionedType,
): Conflicts {
  if (manager !== KUBECTL || conflicts.size === 0) return conflicts;
  const allowed = ownedByClientSideApply(live, apiVersion, type);
  const left = new Map<Manager, FieldSet>();
  for (const [other, fields] of conflicts) {
    const kept = difference(fields, allowed);
    if (!isEmpty(kept)) left.set(other, kept);
  }
  return left;
}

function sortKeys(value: Value): Value {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}

/** The annotation's text: the applied object without the annotation itself, its keys sorted as Go does. */
function describeApplied(applied: ObjectValue): string {
  const metadata = applied['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  if (!isObject(metadata) || !isObject(annotations) || !(ANNOTATION in annotations))
    return `${writeJson(sortKeys(applied))}\n`;
  const { [ANNOTATION]: _, ...others } = annotations;
  return `${writeJson(sortKeys({ ...applied, metadata: { ...metadata, annotations: others } }))}\n`;
}

/** Keeps the annotation of client-side apply, where there is one, up to date with what kubectl applies server-side. */
export function updateLastApplied(object: ObjectValue, applied: ObjectValue, manager: string): void {
  if (manager !== KUBECTL || lastAppliedText(object) === '') return;
  const metadata = metadataOf(object);
  const annotations = metadata['annotations'];
  metadata['annotations'] = { ...(isObject(annotations) ? annotations : {}), [ANNOTATION]: describeApplied(applied) };
}
