import { qualifiedNameErrors } from '@reeve/api';
import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { isObject } from '../../../value.ts';
import { dnsSubdomain } from '../names.ts';
import { maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';
import { checkImmutable } from '../immutable.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

/** Longest texts of Events of the newer kind. */
const limits: readonly (readonly [string, number])[] = [
  ['reportingInstance', 128],
  ['action', 128],
  ['reason', 128],
];
const maxNote = 1024;

/** What both groups check; `names` are the group's own names of fields. */
function checkCommon(problems: Problems, event: ObjectValue, controller: string, subject: string, note: string): void {
  const namespace = textAt(metadataOf(event), 'namespace');
  const involved = textAt(objectAt(event, subject), 'namespace');
  const mismatch = (): void => problems.invalid('involvedObject.namespace', involved, 'does not match event.namespace');
  if (!event['eventTime']) {
    if (involved === '' ? namespace !== '' && namespace !== 'default' : namespace !== involved) mismatch();
    return;
  }
  if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') mismatch();
  const reporter = textAt(event, controller);
  if (reporter === '') problems.required(controller);
  problems.text(controller, reporter, qualifiedNameErrors);
  for (const [field, limit] of limits) {
    const value = textAt(event, field);
    if (value === '') problems.required(field);
    if (value.length > limit) problems.invalid(field, '', `can have at most ${limit} characters`);
  }
  if (textAt(event, note).length > maxNote) problems.invalid('message', '', `can have at most ${maxNote} characters`);
}

export const coreEventValidator: Validator = validator({
  create: (problems, event) => checkCommon(problems, event, 'reportingComponent', 'involvedObject', 'message'),
});

function checkSeries(problems: Problems, event: ObjectValue): void {
  const series = maybeObject(event, 'series');
  if (series === undefined) return;
  if ((numberAt(series, 'count') ?? 0) < 2) problems.invalid('series.count', '', 'should be at least 2');
  if (!series['lastObservedTime']) problems.required('series.lastObservedTime');
}

/** Fields that the newer group leaves to the older, by their names there. */
const deprecated: readonly (readonly [string, string])[] = [
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['deprecatedSource', 'source'],
];

/** Names in the newer group and what the real server, which knows the older names inside, tells them by. */
const immutable: readonly (readonly [string, string])[] = [
  ['regarding', 'involvedObject'],
  ['reason', 'reason'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reason', 'reason'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
];

export const eventValidator: Validator = validator({
  create: (problems, event) => {
    checkCommon(problems, event, 'reportingController', 'regarding', 'note');
    problems.text('metadata.name', textAt(metadataOf(event), 'name'), dnsSubdomain);
    checkSeries(problems, event);
    if (!event['eventTime']) problems.required('eventTime');
    const type = textAt(event, 'type');
    if (type !== 'Normal' && type !== 'Warning') problems.invalid('type', '', `has invalid value: ${type}`);
    for (const [field, told] of deprecated) {
      const value = event[field];
      const isGiven = isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
      if (isGiven) problems.invalid(told, '', 'needs to be unset');
    }
  },
  update: (problems, event, old) => {
    checkCommon(problems, event, 'reportingController', 'regarding', 'note');
    checkSeries(problems, event);
    for (const [field, told] of immutable) checkImmutable(problems, field, event, old, told);
  },
});
