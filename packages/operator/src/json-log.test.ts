import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '@reeve/testing';
import { jsonLog } from './json-log.ts';
import { OperatorError } from './operator-error.ts';

test('a line has time, level, message and the fields of all its ancestors', () => {
  const lines: string[] = [];
  const log = jsonLog({ clock: virtualClock(), write: (line) => lines.push(line) });
  log.with({ controller: 'app' }).with({ object: 'x/a' }).info('done', { ms: 3 });
  log.debug('too much');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    [{ ts: '2026-01-01T00:00:00.000Z', level: 'info', msg: 'done', controller: 'app', object: 'x/a', ms: 3 }],
  );
});

test('errors keep their message, code and cause', () => {
  const lines: string[] = [];
  const log = jsonLog({ clock: virtualClock(), write: (line) => lines.push(line), level: 'error' });
  const cause = new TypeError('the disk is full');
  log.error('failed', { error: new OperatorError('Stopped', 'cannot go on', { cause }) });
  const { error } = JSON.parse(lines[0] ?? '') as {
    error: { message: string; code: string; cause: { message: string } };
  };
  assert.deepEqual([error.message, error.code, error.cause.message], ['cannot go on', 'Stopped', 'the disk is full']);
});
