import assert from 'node:assert/strict';
import { duplexPair, PassThrough } from 'node:stream';
import { test } from 'node:test';

import { framedStream } from './framed-stream.ts';
import { JsonRpc } from './json-rpc.ts';

test('messages arrive whole and in order, however the bytes are cut', async () => {
  const [one, other] = duplexPair();
  const sender = framedStream(one);
  const received = (async () => {
    const messages: string[] = [];
    for await (const message of framedStream(other).incoming) messages.push(Buffer.from(message).toString());
    return messages;
  })();
  const sent = ['', 'a', 'b'.repeat(200_000), 'c'];
  for (const message of sent) await sender.send(Buffer.from(message));
  await sender.close();
  assert.deepEqual(await received, sent);
});

test('a message of an absurd length ends the conversation', async () => {
  const [one, other] = duplexPair();
  one.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]));
  await assert.rejects(
    async () => {
      for await (const _ of framedStream(other).incoming) assert.fail();
    },
    { code: 'BadMessage' },
  );
});

test('calls go both ways, and errors keep their message', async () => {
  const there = new PassThrough();
  const back = new PassThrough();
  const host = new JsonRpc(back, there, { pull: (params) => ({ got: params }) });
  const agent: JsonRpc = new JsonRpc(there, back, {
    start: async () => agent.call('pull', 'x'),
    fail: () => Promise.reject(new RangeError('no such node')),
  });
  assert.deepEqual(await host.call('start', null), { got: 'x' });
  await assert.rejects(host.call('fail', null), { code: 'AgentFailed', message: 'no such node' });
  await assert.rejects(host.call('nothing', null), { message: 'unknown method nothing' });
});

test('calls fail when the other side is gone', async () => {
  const back = new PassThrough();
  const host = new JsonRpc(back, new PassThrough(), {});
  const call = host.call('start', null);
  back.end();
  await assert.rejects(call, { code: 'HostStopped' });
  await host.closed;
  await assert.rejects(host.call('start', null), { code: 'HostStopped' });
});
