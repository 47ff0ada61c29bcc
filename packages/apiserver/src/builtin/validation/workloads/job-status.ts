import type { ObjectValue } from '../../../value.ts';
import { itemsOf, numberAt, objectAt, textAt } from '../../object-path.ts';
import type { Problems } from '../problems.ts';
import { checkCounts } from './counts.ts';

const counts = ['active', 'succeeded', 'failed', 'ready', 'terminating'];

/** What the job controller may say: no end without its reasons, nothing that goes backwards. */
export function checkJobStatus(problems: Problems, job: ObjectValue, old: ObjectValue): void {
  const status = objectAt(job, 'status');
  const before = objectAt(old, 'status');
  checkCounts(problems, 'status', status, counts);
  checkConditions(problems, status);
  const isFinished = is(status, 'Complete') || is(status, 'Failed');
  if (isFinished) {
    const active = numberAt(status, 'active') ?? 0;
    if (active > 0) problems.invalid('status.active', active, 'active>0 is invalid for finished job');
    if (status['startTime'] === undefined) {
      problems.required('status.startTime', 'startTime is required for finished job');
    }
    const terminating = numberAt(status, 'terminating') ?? 0;
    if (terminating > 0) {
      problems.invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job');
    }
  }
  const ready = numberAt(status, 'ready') ?? 0;
  if (ready > (numberAt(status, 'active') ?? 0)) {
    problems.invalid('status.ready', ready, 'cannot set more ready pods than active');
  }
  checkProgress(problems, status, before);
}

const is = (status: ObjectValue, type: string): boolean =>
  itemsOf(status, 'conditions').some((condition) => condition['type'] === type && condition['status'] === 'True');

const contradictions: readonly (readonly [string, string, string])[] = [
  ['Complete', 'Failed', 'cannot set Complete=True and Failed=true conditions'],
  ['Complete', 'FailureTarget', 'cannot set Complete=True and FailureTarget=true conditions'],
];

function checkConditions(problems: Problems, status: ObjectValue): void {
  const path = 'status.conditions';
  for (const [left, right, detail] of contradictions) {
    if (is(status, left) && is(status, right)) problems.omitted(path, detail);
  }
  const completion = status['completionTime'];
  if (completion !== undefined && !is(status, 'Complete')) {
    const detail = 'cannot set completionTime when there is no Complete=True condition';
    problems.invalid('status.completionTime', completion, detail);
  }
  if (completion === undefined && is(status, 'Complete')) {
    problems.required('status.completionTime', 'completionTime is required for Complete jobs');
  }
  if (is(status, 'Failed') && !is(status, 'FailureTarget')) {
    problems.omitted(path, 'cannot set Failed=True condition without the FailureTarget=true condition');
  }
  if (is(status, 'Complete') && !is(status, 'SuccessCriteriaMet')) {
    problems.omitted(path, 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  }
  if (is(status, 'SuccessCriteriaMet') && is(status, 'Failed')) {
    problems.omitted(path, 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  }
}

function checkProgress(problems: Problems, status: ObjectValue, before: ObjectValue): void {
  for (const field of ['succeeded', 'failed']) {
    const count = numberAt(status, field) ?? 0;
    if (count < (numberAt(before, field) ?? 0)) {
      problems.invalid(`status.${field}`, count, `cannot decrease the ${field} counter`);
    }
  }
  for (const type of ['Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet']) {
    if (!is(before, type) || is(status, type)) continue;
    problems.omitted('status.conditions', `cannot disable ${type}=True condition`);
  }
  const completion = textAt(before, 'completionTime');
  if (completion !== '' && textAt(status, 'completionTime') !== completion) {
    problems.invalid('status.completionTime', status['completionTime'] ?? null, 'field is immutable');
  }
}
