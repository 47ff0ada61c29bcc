import assert from 'node:assert/strict';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { Clock } from '@reeve/api';
import { createApiServer } from '../server.ts';
import type { ApiServer } from '../server.ts';
import { makeCertificates } from './certificates.ts';
import { listen } from './listen.ts';
import type { Front } from './listen.ts';

/** Certificates must be valid now; nothing else here depends on time. */
const clock: Clock = { now: () => performance.timeOrigin + performance.now(), schedule: () => () => {} };
let server: ApiServer;
let front: Front;
let ca: string;

before(async () => {
  const tokens = [{ token: 'secret', user: 'admin', uid: '', groups: ['system:masters'] }];
  const admission = { serviceAccount: false };
  server = await createApiServer({ clock, random: () => 0.5, tokens, admission, authorization: 'RBAC' });
  const certificates = await makeCertificates(clock, ['127.0.0.1', 'localhost']);
  ca = certificates.ca;
  const { cert, key } = certificates;
  front = await listen(server, { host: '127.0.0.1', port: 0, cert, key, clientCA: ca });
});
after(async () => {
  await front.close();
  await server.stop();
});

function open(method: string, path: string, body?: string, token = 'secret'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const outgoing = request({ host: '127.0.0.1', port: front.port, ca, method, path, headers, agent: false }, resolve);
    outgoing.on('error', reject).end(body);
  });
}

async function send(
  method: string,
  path: string,
  body?: string,
  token?: string,
): Promise<{ code: number; text: string }> {
  const response = await open(method, path, body, token);
  return { code: response.statusCode ?? 0, text: (await buffer(response)).toString() };
}

test('the certificate verifies against the CA, and a token tells who it is', async () => {
  assert.equal((await send('GET', '/api/v1/namespaces/default')).code, 200);
  assert.equal((await send('GET', '/api/v1/namespaces/default', undefined, 'wrong')).code, 401);
});

test('a body of more than 3 MiB is refused', async () => {
  const body = JSON.stringify({ kind: 'ConfigMap', data: { k: 'x'.repeat(3 * 1024 * 1024) } });
  const { code, text } = await send('POST', '/api/v1/namespaces/default/configmaps', body);
  assert.equal(code, 413);
  assert.match(text, /"reason":"RequestEntityTooLarge"/);
});

test('a watch arrives event by event and ends with the front', async () => {
  const response = await open('GET', '/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3Dlate');
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const next = chunks.next();
  await send('POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name: 'late' } }));
  assert.match(String((await next).value), /^\{"type":"ADDED".*"name":"late"/);
  response.destroy();
});

test('a method that HTTP does not know is answered with a Status', async () => {
  const { code, text } = await send('FETCH', '/api/v1/pods');
  assert.equal(code, 405);
  assert.match(text, /MethodNotAllowed/);
});
