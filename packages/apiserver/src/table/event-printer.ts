import { maybeObject, numberAt, objectAt, textAt } from '../builtin/object-path.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { nameOf } from './cells.ts';
import { text, wide } from './column.ts';
import { since } from './duration.ts';
import type { Printer } from './printer.ts';

/** Events of both groups: their fields have two names each. */
export const eventPrinter: Printer = {
  columns: [
    text('Last Seen', lastSeen),
    text('Type', (event) => textAt(event, 'type')),
    text('Reason', (event) => textAt(event, 'reason')),
    text('Object', subject),
    wide('Subobject', (event) => textAt(involved(event), 'fieldPath')),
    wide('Source', source),
    text('Message', (event) => (textAt(event, 'message') || textAt(event, 'note')).trim()),
    wide('First Seen', firstSeen),
    wide('Count', count),
    { ...wide('Name', (event) => nameOf(event)), format: 'name' },
  ],
};

function involved(event: ObjectValue): ObjectValue {
  return objectAt(event, event['regarding'] === undefined ? 'involvedObject' : 'regarding');
}

function subject(event: ObjectValue): string {
  const object = involved(event);
  const name = textAt(object, 'name');
  const kind = textAt(object, 'kind').toLowerCase();
  return name === '' ? kind : `${kind}/${name}`;
}

function firstSeen(event: ObjectValue, now: number): string {
  const first = textAt(event, 'firstTimestamp') || textAt(event, 'deprecatedFirstTimestamp');
  return since(first || textAt(event, 'eventTime'), now);
}

function lastSeen(event: ObjectValue, now: number): string {
  const series = maybeObject(event, 'series');
  if (series !== undefined) return since(series['lastObservedTime'], now);
  const last = textAt(event, 'lastTimestamp') || textAt(event, 'deprecatedLastTimestamp');
  return last === '' ? firstSeen(event, now) : since(last, now);
}

function count(event: ObjectValue): number {
  const series = maybeObject(event, 'series');
  if (series !== undefined) return numberAt(series, 'count') ?? 0;
  return (numberAt(event, 'count') ?? numberAt(event, 'deprecatedCount')) || 1;
}

function source(event: ObjectValue): string {
  const from = objectAt(event, event['deprecatedSource'] === undefined ? 'source' : 'deprecatedSource');
  const controller = textAt(event, 'reportingComponent') || textAt(event, 'reportingController');
  const component = textAt(from, 'component') || controller;
  const instance = textAt(from, 'host') || textAt(event, 'reportingInstance');
  return instance === '' ? component : `${component}, ${instance}`;
}

/** When an object was made, as a column of plain time. */
export function createdAt(object: ObjectValue): string {
  return textAt(metadataOf(object), 'creationTimestamp');
}
