import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { Clock, MessageStream, NodeConnector } from '@reeve/api';
import { WebSocket } from 'ws';
import { makeCertificates } from '../http/certificates.ts';
import { listen, type Front } from '../http/listen.ts';
import { loopbackUser } from '../request/user.ts';
import { createApiServer, type ApiServer } from '../server.ts';
import { ByteQueue } from './byte-queue.ts';
import { encodeFrame, finFlag, SpdyFrameReader, spdyType } from './spdy-frame.ts';
import { SpdyHeaderCodec } from './spdy-header-block.ts';
import { SpdySession, type SpdyStream } from './spdy-session.ts';

const clock: Clock = { now: () => performance.timeOrigin + performance.now(), schedule: () => () => {} };
let server: ApiServer;
let front: Front;
let ca: string;

/** Answers with what comes in, after `prefix`, and ends with it. */
function echo(transform: (message: Uint8Array) => Uint8Array | undefined): MessageStream {
  const incoming = new ByteQueue();
  return {
    incoming,
    async send(message) {
      const answer = transform(message);
      if (answer === undefined) incoming.end();
      else await incoming.push(answer);
    },
    async close() {
      incoming.end();
    },
  };
}

const connector: NodeConnector = {
  async *logs({ pod, container }, { tailLines }) {
    yield Buffer.from(`${pod} ${container} ${tailLines ?? 'all'}\n`);
  },
  async exec(_container, { command }) {
    if (command[0] === 'missing') throw new TypeError('container not found');
    return echo((message) => (message[0] === 0 ? Buffer.concat([Buffer.of(1), message.subarray(1)]) : undefined));
  },
  attach: async () => echo(() => undefined),
  portForward: async (_pod, port) => {
    if (port === 1) throw new TypeError('connection refused');
    return echo((message) => message);
  },
};

before(async () => {
  const tokens = [
    { token: 'admin', user: 'admin', uid: '', groups: ['system:masters'] },
    { token: 'alice', user: 'alice', uid: '', groups: [] },
  ];
  const admission = { serviceAccount: false };
  server = await createApiServer({
    clock,
    random: Math.random,
    tokens,
    admission,
    authorization: 'RBAC',
    nodeConnector: connector,
  });
  const { ca: authority, cert, key } = await makeCertificates(clock, ['127.0.0.1']);
  ca = authority;
  front = await listen(server, { host: '127.0.0.1', port: 0, cert, key });
  const send = server.as(loopbackUser);
  const create = (path: string, object: object): Promise<unknown> =>
    send({ method: 'POST', path, headers: {}, body: Buffer.from(JSON.stringify(object)) });
  await create('/api/v1/nodes', { metadata: { name: 'n' } });
  const spec = { containers: [{ name: 'c', image: 'i' }] };
  await create('/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: { ...spec, nodeName: 'n' } });
  await create('/api/v1/namespaces/default/pods', { metadata: { name: 'unscheduled' }, spec });
});
after(async () => {
  await front.close();
  await server.stop();
});

const pod = '/api/v1/namespaces/default/pods/p';

async function get(path: string, token = 'admin'): Promise<{ status: number | undefined; text: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const outgoing = request({ host: '127.0.0.1', port: front.port, ca, path, headers, agent: false }).end();
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode, text: (await buffer(response)).toString() };
}

function open(path: string): WebSocket {
  const headers = { authorization: 'Bearer admin' };
  return new WebSocket(`wss://127.0.0.1:${front.port}${path}`, 'v5.channel.k8s.io', { ca, headers });
}

/** Asks for an upgrade, and gives the answer's headers and the bare connection. */
async function upgrade(path: string, headers: Record<string, string>): Promise<[IncomingMessage, Duplex]> {
  const all = { authorization: 'Bearer admin', connection: 'Upgrade', ...headers };
  const outgoing = request({ host: '127.0.0.1', port: front.port, ca, path, headers: all, agent: false }).end();
  const [response, socket] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Duplex];
  return [response, socket];
}

test('logs are plain text with the options of the query', async () => {
  assert.deepEqual(await get(`${pod}/log?tailLines=3`), { status: 200, text: 'p c 3\n' });
});

const refusals: readonly { name: string; path: string; token?: string; status: number; message: RegExp }[] = [
  {
    name: 'a container that is not there',
    path: `${pod}/log?container=x`,
    status: 400,
    message: /container x is not valid for pod p/,
  },
  {
    name: 'a negative tail',
    path: `${pod}/log?tailLines=-1`,
    status: 422,
    message: /must be greater than or equal to 0/,
  },
  {
    name: 'exec without an upgrade',
    path: `${pod}/exec?command=ls&stdout=true`,
    status: 400,
    message: /Upgrade request required/,
  },
  {
    name: 'exec in a pod without a node',
    path: pod.replace(/p$/, 'unscheduled/exec?command=ls&stdout=1'),
    status: 400,
    message: /does not have a host assigned/,
  },
  {
    name: 'exec by somebody else',
    path: `${pod}/exec?command=ls`,
    token: 'alice',
    status: 403,
    message: /cannot get resource \\"pods\/exec\\"/,
  },
];

for (const { name, path, token, status, message } of refusals) {
  test(`${name} is refused`, async () => {
    const answer = await get(path, token);
    assert.equal(answer.status, status);
    assert.match(answer.text, message);
  });
}

test('exec carries channels both ways and ends with the container', async () => {
  const socket = open(`${pod}/exec?command=cat&stdin=true&stdout=true`);
  await once(socket, 'open');
  socket.send(Buffer.from('\0hello'));
  const [message] = await once(socket, 'message');
  assert.deepEqual(message, Buffer.from('\u0001hello'));
  socket.send(Buffer.of(255, 0));
  const [code] = await once(socket, 'close');
  assert.equal(code, 1000);
});

test('what the node refuses is told before the upgrade', async () => {
  const socket = open(`${pod}/exec?command=missing&stdout=true`);
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 500);
  assert.match((await buffer(response)).toString(), /container not found/);
});

async function synStream(codec: SpdyHeaderCodec, id: number, headers: Record<string, string>): Promise<Uint8Array> {
  const head = Buffer.alloc(10);
  head.writeUInt32BE(id);
  const payload = Buffer.concat([head, await codec.pack(headers)]);
  return encodeFrame({ control: true, type: spdyType.synStream, flags: 0, payload });
}

/** Opens the two streams of one connection, says hello, and gives all that comes until both end. */
async function forward(port: number): Promise<{ stream: number; text: string }[]> {
  const asked = { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' };
  const [, socket] = await upgrade(`${pod}/portforward`, asked);
  const codec = new SpdyHeaderCodec();
  const reader = new SpdyFrameReader();
  const ends = new Set<number>();
  const texts: { stream: number; text: string }[] = [];
  socket.write(await synStream(codec, 1, { streamtype: 'error', port: String(port), requestid: '0' }));
  socket.write(await synStream(codec, 3, { streamtype: 'data', port: String(port), requestid: '0' }));
  socket.write(encodeFrame({ control: false, stream: 3, flags: finFlag, payload: Buffer.from('hello') }));
  for await (const chunk of socket as AsyncIterable<Uint8Array>) {
    for (const frame of reader.read(chunk)) {
      if (frame.control) continue;
      const { stream, flags, payload } = frame;
      if (payload.byteLength > 0) texts.push({ stream, text: Buffer.from(payload).toString() });
      if ((flags & finFlag) !== 0) ends.add(stream);
    }
    if (ends.size === 2) break;
  }
  codec.close();
  return texts;
}

test('the tunnel for port-forward has a protocol name with a slash', async () => {
  const [{ headers }, socket] = await upgrade(`${pod}/portforward`, {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io',
  });
  assert.equal(headers['sec-websocket-protocol'], 'SPDY/3.1+portforward.k8s.io');
  socket.destroy();
});

test('port-forward carries a connection both ways', async () => {
  assert.deepEqual(await forward(8080), [{ stream: 3, text: 'hello' }]);
});

test('port-forward tells on the error stream what went wrong', async () => {
  const text = 'an error occurred forwarding port 1: connection refused';
  assert.deepEqual(await forward(1), [{ stream: 1, text }]);
});

test('header blocks of one connection share a window', async () => {
  const client = new SpdyHeaderCodec();
  const streams: SpdyStream[] = [];
  const session = new SpdySession(
    async () => {},
    (stream) => streams.push(stream),
  );
  for (const id of [1, 3, 5])
    await session.receive(await synStream(client, id, { streamtype: 'data', requestid: String(id) }));
  assert.deepEqual(
    streams.map(({ headers }) => headers['requestid']),
    ['1', '3', '5'],
  );
  session.close();
  client.close();
});
