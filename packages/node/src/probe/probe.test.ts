import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createHTTP2 } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { after, test } from 'node:test';

import type { Probe } from '@reeve/api/core/v1';

import { runProbe } from './probe.ts';
import { countResult } from './thresholds.ts';
import type { ResultRun } from './thresholds.ts';

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const http = await listen(
  createServer((request, response) => {
    if (request.url === '/slow') return;
    response.statusCode = request.url === '/bad' ? 503 : request.url === '/moved' ? 302 : 200;
    response.end(request.headers['x-probe'] ?? '');
  }),
);
const grpc = await listen(
  createHTTP2((request, response) => {
    request.on('data', (body: Buffer) => {
      const service = body.subarray(7).toString();
      response.setHeader('content-type', 'application/grpc');
      response.addTrailers({ 'grpc-status': service === 'none' ? '5' : '0' });
      response.end(Buffer.from([0, 0, 0, 0, 2, 8, service === 'sick' ? 2 : 1]));
    });
  }),
);

const target = {
  podIP: '127.0.0.1',
  container: { name: 'c', ports: [{ name: 'web', containerPort: http }] },
  execute: async ([program = '']: readonly string[]) => ({
    exitCode: program === 'true' ? 0 : program === 'slow' ? 124 : 1,
    output: 'said',
  }),
};

const cases: readonly { name: string; probe: Probe; ok: boolean; message?: RegExp }[] = [
  { name: 'a command that ends well', probe: { exec: { command: ['true'] } }, ok: true },
  { name: 'a command that fails', probe: { exec: { command: ['false'] } }, ok: false, message: /said/ },
  {
    name: 'a command that takes too long',
    probe: { exec: { command: ['slow'] } },
    ok: false,
    message: /timed out after 1 s/,
  },
  {
    name: 'an HTTP answer 200',
    probe: { httpGet: { port: http, httpHeaders: [{ name: 'x-probe', value: 'me' }] } },
    ok: true,
    message: /me/,
  },
  { name: 'an HTTP answer on a named port', probe: { httpGet: { port: 'web' } }, ok: true },
  { name: 'an HTTP redirect', probe: { httpGet: { port: http, path: '/moved' } }, ok: true },
  {
    name: 'an HTTP answer 503',
    probe: { httpGet: { port: http, path: '/bad' } },
    ok: false,
    message: /statuscode: 503/,
  },
  {
    name: 'no HTTP answer in time',
    probe: { httpGet: { port: http, path: '/slow' }, timeoutSeconds: 0.1 },
    ok: false,
    message: /no answer/,
  },
  { name: 'an unknown named port', probe: { httpGet: { port: 'none' } }, ok: false, message: /no port named none/ },
  { name: 'an open port', probe: { tcpSocket: { port: http } }, ok: true },
  { name: 'a closed port', probe: { tcpSocket: { port: 1 } }, ok: false, message: /ECONNREFUSED/ },
  { name: 'a serving gRPC service', probe: { grpc: { port: grpc, service: 'fine' } }, ok: true },
  {
    name: 'a gRPC service that does not serve',
    probe: { grpc: { port: grpc, service: 'sick' } },
    ok: false,
    message: /not serving/,
  },
  {
    name: 'an unknown gRPC service',
    probe: { grpc: { port: grpc, service: 'none' } },
    ok: false,
    message: /gRPC status 5/,
  },
];

for (const { name, probe, ok, message } of cases) {
  test(`${name} is a ${ok ? 'success' : 'failure'}`, async () => {
    const result = await runProbe(probe, target);
    assert.equal(result.ok, ok, result.message);
    if (message !== undefined) assert.match(result.message, message);
  });
}

test('a verdict needs enough results in a row', () => {
  const verdicts: (boolean | undefined)[] = [];
  let run: ResultRun | undefined;
  for (const ok of [false, false, true, false, false, false, true, true]) {
    const next = countResult(run, ok, { success: 2, failure: 3 });
    run = next.run;
    verdicts.push(next.verdict);
  }
  assert.deepEqual(verdicts, [undefined, undefined, undefined, undefined, undefined, false, undefined, true]);
});
