import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleProblem } from './cron-schedule.ts';

const sound = ['* * * * *', '*/5 0-23 1,15 * MON-FRI', '@hourly', '@every 1h30m', '0 0 1 jan ?', 'TZ=UTC 0 0 * * *'];
const unsound = [
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '*/0 * * * *',
  '5-1 * * * *',
  '@often',
  '@every x',
];

for (const schedule of sound) {
  test(`${JSON.stringify(schedule)} is a schedule`, () => assert.equal(scheduleProblem(schedule), undefined));
}
for (const schedule of unsound) {
  test(`${JSON.stringify(schedule)} is no schedule`, () => assert.notEqual(scheduleProblem(schedule), undefined));
}
