import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '@reeve/testing';
import { lowPriority, WorkQueue } from './work-queue.ts';

async function take(queue: WorkQueue): Promise<string> {
  const item = await queue.get();
  assert.ok(item);
  return item.key;
}

test('adds of a waiting key are one', async () => {
  const queue = new WorkQueue({ clock: virtualClock() });
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  assert.equal(queue.length, 2);
  assert.deepEqual([await take(queue), await take(queue)], ['a', 'b']);
});

test('a key that is added while it is worked on comes up exactly once more, after it is done', async () => {
  const queue = new WorkQueue({ clock: virtualClock() });
  queue.add('a');
  await take(queue);
  for (let i = 0; i < 3; i += 1) queue.add('a');
  let second: string | undefined;
  const next = queue.get().then((item) => (second = item?.key));
  await Promise.resolve();
  assert.equal(second, undefined, 'never handed to two workers at once');
  queue.done('a');
  await next;
  assert.equal(second, 'a');
  queue.done('a');
  assert.deepEqual([queue.length, queue.active], [0, 0]);
});

test('a delayed key comes up at its time; added again, at the earlier one', async () => {
  const clock = virtualClock();
  const queue = new WorkQueue({ clock });
  queue.add('a', { afterMs: 1000 });
  queue.add('a', { afterMs: 300 });
  queue.add('a', { afterMs: 2000 });
  await clock.advance(299);
  assert.equal(queue.length, 0);
  await clock.advance(1);
  assert.equal(await take(queue), 'a');
  queue.done('a');
  await clock.advance(5000);
  assert.equal(queue.length, 0, 'the later times are forgotten');
});

test('an add without delay overtakes the delay', async () => {
  const clock = virtualClock();
  const queue = new WorkQueue({ clock });
  queue.add('a', { afterMs: 1000 });
  queue.add('a');
  assert.equal(await take(queue), 'a');
  queue.done('a');
  await clock.advance(2000);
  assert.equal(queue.length, 0);
});

test('a delay for a key that is ready changes nothing', async () => {
  const queue = new WorkQueue({ clock: virtualClock() });
  queue.add('a');
  queue.add('a', { afterMs: 1000 });
  assert.deepEqual([queue.length, queue.delayed], [1, 0]);
});

test('failures double the delay up to the limit, and forget starts anew', async () => {
  const clock = virtualClock();
  const queue = new WorkQueue({ clock, minBackoffMs: 5, maxBackoffMs: 50 });
  const delays: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    delays.push(queue.addFailed('a'));
    await clock.advance(60);
    await take(queue);
    queue.done('a');
  }
  assert.deepEqual(delays, [5, 10, 20, 40, 50, 50]);
  queue.forget('a');
  assert.equal(queue.addFailed('a'), 5);
});

test('higher priorities go first, and an add can raise one', async () => {
  const queue = new WorkQueue({ clock: virtualClock() });
  queue.add('low', { priority: lowPriority });
  queue.add('raised', { priority: lowPriority });
  queue.add('first');
  queue.add('raised');
  queue.add('raised', { priority: lowPriority });
  assert.deepEqual([await take(queue), await take(queue), await take(queue)], ['first', 'raised', 'low']);
});

test('low priorities are served under a steady stream of high ones', async () => {
  const clock = virtualClock();
  const queue = new WorkQueue({ clock });
  queue.add('initial', { priority: lowPriority });
  const served: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    await clock.advance(1);
    queue.add(`user-${i}`);
    const key = await take(queue);
    served.push(key);
    queue.done(key);
  }
  assert.ok(served.includes('initial'));
});

test('closing ends waiting workers and drops what is added', async () => {
  const clock = virtualClock();
  const queue = new WorkQueue({ clock });
  const waiting = queue.get();
  queue.add('later', { afterMs: 10 });
  queue.close();
  queue.add('x');
  assert.equal(await waiting, undefined);
  assert.equal(await queue.get(), undefined);
  assert.equal(clock.pending(), 0);
});
