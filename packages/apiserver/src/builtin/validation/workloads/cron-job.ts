import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { maybeObject, objectAt, textAt } from '../../object-path.ts';
import { checkAnnotations, checkLabels } from '../../../meta/validate-metadata.ts';
import { mapAt } from '../../object-path.ts';
import { nonNegative, requiredOneOf } from '../checks.ts';
import { hostnameWarnings } from '../name-warnings.ts';
import { templateWarnings } from '../pod/pod-warnings.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { scheduleProblem } from './cron-schedule.ts';
import { checkJobSpec } from './job.ts';

/** The names of jobs are theirs and eleven characters of time. */
const maxName = 52;

function checkSpec(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const schedule = textAt(spec, 'schedule');
  if (schedule === '') problems.required('spec.schedule');
  else checkSchedule(problems, schedule);
  nonNegative(problems, 'spec.startingDeadlineSeconds', spec['startingDeadlineSeconds']);
  if (typeof spec['timeZone'] === 'string') checkZone(problems, 'spec.timeZone', spec['timeZone']);
  requiredOneOf('Allow', 'Forbid', 'Replace')(problems, 'spec.concurrencyPolicy', spec['concurrencyPolicy']);
  checkTemplate(problems, 'spec.jobTemplate', objectAt(spec, 'jobTemplate'));
  nonNegative(problems, 'spec.successfulJobsHistoryLimit', spec['successfulJobsHistoryLimit']);
  nonNegative(problems, 'spec.failedJobsHistoryLimit', spec['failedJobsHistoryLimit']);
}

function checkSchedule(problems: Problems, schedule: string): void {
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) problems.invalid('spec.schedule', schedule, problem);
  if (!schedule.includes('TZ')) return;
  problems.invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
}

function checkZone(problems: Problems, path: string, zone: string): void {
  if (zone === '') return problems.invalid(path, zone, 'timeZone must be nil or non-empty string');
  if (zone.toLowerCase() === 'local') {
    const detail = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return problems.invalid(path, zone, detail);
  }
  if (!isZone(zone)) problems.invalid(path, zone, `unknown time zone ${zone}`);
}

function isZone(zone: string): boolean {
  try {
    if (zone !== zone.trim() || /^[+-]/.test(zone)) return false;
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkTemplate(problems: Problems, path: string, template: ObjectValue): void {
  const metadata = metadataOf(template);
  checkLabels(problems, mapAt(metadata, 'labels'), `${path}.labels`);
  checkAnnotations(problems, mapAt(metadata, 'annotations'), `${path}.annotations`);
  const spec = objectAt(template, 'spec');
  checkJobSpec(problems, `${path}.spec`, spec);
  if (spec['manualSelector'] === true) {
    problems.notSupported(`${path}.spec.manualSelector`, true, ['nil', 'false']);
  }
  const selector = maybeObject(spec, 'selector');
  if (selector !== undefined) problems.invalid(`${path}.spec.selector`, selector, '`selector` will be auto-generated');
}

export const cronJobValidator: Validator = validator({
  create: (problems, object) => {
    checkSpec(problems, object);
    const name = textAt(metadataOf(object), 'name');
    if (name.length > maxName) {
      problems.invalid('metadata.name', name, `must be no more than ${maxName} characters`);
    }
  },
  update: checkSpec,
  warnings: (object, old, { subresource }) => {
    if (subresource !== '') return [];
    const job = objectAt(objectAt(objectAt(object, 'spec'), 'jobTemplate'), 'spec');
    return [
      ...hostnameWarnings(object, old),
      ...templateWarnings('spec.jobTemplate.spec.template', objectAt(job, 'template')),
    ];
  },
});
