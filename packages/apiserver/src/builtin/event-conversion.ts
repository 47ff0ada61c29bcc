import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { assign } from './object-path.ts';

/** Fields of events.k8s.io by their names in the core group. */
const names = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reportingController', 'reportingComponent'],
] as const;

/** Texts that the core group always shows. */
const alwaysShown = ['reportingComponent', 'reportingInstance'] as const;

/** An Event of the core group as events.k8s.io shows it. The object is the caller's. */
export function eventFromCore(event: ObjectValue): ObjectValue {
  const made: ObjectValue = { ...event, apiVersion: 'events.k8s.io/v1' };
  for (const [newer, older] of names) {
    delete made[older];
    assign(made, newer, event[older]);
  }
  for (const field of ['reportingController', 'reportingInstance', 'note', 'regarding']) dropEmpty(made, field);
  return made;
}

/** The other way round. */
export function eventToCore(event: ObjectValue): ObjectValue {
  const made: ObjectValue = { ...event, apiVersion: 'v1', metadata: metadataOf(event) };
  for (const [newer, older] of names) {
    delete made[newer];
    assign(made, older, event[newer]);
  }
  for (const field of alwaysShown) made[field] ??= '';
  made['involvedObject'] ??= {};
  made['source'] ??= {};
  for (const field of ['firstTimestamp', 'lastTimestamp', 'eventTime']) made[field] ??= null;
  return made;
}

function dropEmpty(object: ObjectValue, field: string): void {
  const value = object[field];
  if (value === '' || (isObject(value) && field !== 'regarding' && Object.keys(value).length === 0))
    delete object[field];
}
