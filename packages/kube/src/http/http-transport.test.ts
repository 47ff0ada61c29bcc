import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTLSServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createApiServer, listen, makeCertificates } from '@reeve/apiserver';
import type { ApiServer, Certificates, Front } from '@reeve/apiserver';
import type { MessageStream, NodeConnector } from '@reeve/api';
import { ConfigMap, Namespace, Node, Pod } from '@reeve/api/core/v1';
import { isForbidden, isNotFound, isUnauthorized } from '../api-error.ts';
import type { Connection } from '../connection.ts';
import { createClient } from '../create-client.ts';
import type { Client } from '../client.ts';
import { isConnectionFailure } from '../kube-error.ts';
import { systemClock } from '../system-clock.ts';
import { httpTransport } from './http-transport.ts';

const random = (): number => 0.5;

/** Echoes what comes in on stdin, then ends with the exit code that the command names. */
function echo(command: readonly string[]): MessageStream {
  const queue: Uint8Array[] = [];
  let wake = (): void => undefined;
  let ended = false;
  const push = (channel: number, text: string): void => {
    queue.push(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
    wake();
  };
  const exit = (): void => {
    const code = Number(command.at(-1));
    const failure = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
    };
    push(
      3,
      JSON.stringify({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        ...(code === 0 ? { status: 'Success' } : failure),
      }),
    );
    ended = true;
  };
  async function* incoming(): AsyncGenerator<Uint8Array> {
    while (!ended || queue.length > 0) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  push(2, `running ${command.join(' ')}\n`);
  if (command[0] !== 'cat') exit();
  return {
    incoming: incoming(),
    send(message) {
      if (message[0] === 0) push(1, Buffer.from(message.subarray(1)).toString());
      if (message[0] === 255) exit();
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

const nodeConnector: NodeConnector = {
  async *logs(_container, { tailLines }) {
    for (const line of ['one\n', 'two\n', 'three\n'].slice(-(tailLines ?? 3))) yield Buffer.from(line);
  },
  exec: (_container, { command }) => Promise.resolve(echo(command)),
  attach: () => Promise.resolve(echo(['cat', '0'])),
  portForward: () => Promise.resolve(echo(['cat', '0'])),
};

describe('over HTTPS', () => {
  let server: ApiServer;
  let front: Front;
  let certificates: Certificates;
  let directory: string;
  let unix: Front;
  const clients: Client[] = [];

  const connect = (more: Partial<Connection> = {}): Client => {
    const { ca } = certificates;
    const client = createClient(httpTransport({ server: front.address, ca, token: 'secret', ...more }), { random });
    clients.push(client);
    return client;
  };

  before(async () => {
    certificates = await makeCertificates(systemClock, ['127.0.0.1', 'kube.test']);
    directory = await mkdtemp(join(tmpdir(), 'kube-'));
    server = await createApiServer({
      clock: systemClock,
      random,
      tokens: [{ token: 'secret', user: 'admin', uid: '1', groups: ['system:masters'] }],
      admission: { serviceAccount: false },
      authorization: 'RBAC',
      nodeConnector,
    });
    front = await listen(server, { host: '127.0.0.1', port: 0, ...certificates });
    unix = await listen(server, { socketPath: join(directory, 'api.sock'), ...certificates });
    const admin = connect();
    await admin.of(Namespace).create({ metadata: { name: 'http' } });
    await admin.of(Node).create({ metadata: { name: 'n1' } });
  });

  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([front.close(), unix.close()]);
    await server.stop();
    await rm(directory, { recursive: true });
  });

  test('objects are written and read, and errors come as ApiError', async () => {
    const maps = connect().of(ConfigMap).in('http');
    const made = await maps.create({ metadata: { name: 'a' }, data: { text: 'grüße' } });
    assert.equal((await maps.get('a')).metadata.uid, made.metadata.uid);
    assert.deepEqual((await maps.patch('a', { merge: { data: { n: '1' } } })).data, { text: 'grüße', n: '1' });
    await maps.delete('a');
    await assert.rejects(maps.get('a'), isNotFound);
  });

  test('the user is who the token says', async () => {
    await assert.rejects(connect({ token: 'wrong' }).of(ConfigMap).in('http').list(), isUnauthorized);
    const impersonate = { user: 'nobody', groups: ['system:authenticated'] };
    await assert.rejects(connect({ impersonate }).of(ConfigMap).in('http').list(), isForbidden);
  });

  test('a 401 makes the credentials renew themselves once', async () => {
    const tokens = ['old', 'secret'];
    const credentials = {
      current: () => Promise.resolve({ token: tokens[0] ?? '' }),
      renew: () => void tokens.shift(),
    };
    assert.ok((await connect({ credentials }).of(ConfigMap).in('http').list()).items);
    assert.deepEqual(tokens, ['secret']);
  });

  test('the server is verified: by its authority and its name', async () => {
    const other = await makeCertificates(systemClock, ['127.0.0.1']);
    const list = (more: Partial<Connection>) => connect(more).of(ConfigMap).in('http').list();
    await assert.rejects(list({ ca: other.ca }), isConnectionFailure);
    await assert.rejects(list({ serverName: 'elsewhere.test' }), isConnectionFailure);
    assert.ok(await list({ serverName: 'kube.test' }));
    assert.ok(await list({ ca: other.ca, insecureSkipTLSVerify: true }));
  });

  test('a unix socket does as well', async () => {
    const client = connect({ socketPath: join(directory, 'api.sock') });
    assert.ok((await client.of(ConfigMap).in('http').list()).items);
    assert.equal(
      (await client.pods('http').run(await pod(client, 'unix'), { command: ['cat', '0'], input: 'x' })).stdout,
      'x',
    );
  });

  test('a watch delivers changes, and ends when it is aborted', async () => {
    const client = connect();
    const stopping = new AbortController();
    const seen: string[] = [];
    const { metadata } = await client.of(ConfigMap).in('http').list();
    const resourceVersion = metadata.resourceVersion ?? '';
    const watching = (async () => {
      for await (const event of client.of(ConfigMap).in('http').watch({ resourceVersion, signal: stopping.signal })) {
        if (event.type === 'BOOKMARK') continue;
        seen.push(`${event.type} ${event.object.metadata.name}`);
        if (event.type === 'DELETED') stopping.abort();
      }
    })();
    await client
      .of(ConfigMap)
      .in('http')
      .create({ metadata: { name: 'w' } });
    await client.of(ConfigMap).in('http').delete('w');
    await watching;
    assert.deepEqual(seen, ['ADDED w', 'DELETED w']);
  });

  test('a log is streamed', async () => {
    const client = connect();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await client.pods('http').log(await pod(client, 'log'), { tailLines: 2 }))
      chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'two\nthree\n');
  });

  test('a command runs with input, output and an exit code', async () => {
    const client = connect();
    const name = await pod(client, 'exec');
    const result = await client.pods('http').run(name, { command: ['cat', '3'], input: 'hello' });
    assert.deepEqual([result.code, result.stdout, result.stderr], [3, 'hello', 'running cat 3\n']);
    assert.equal((await client.pods('http').run(name, { command: ['true', '0'] })).code, 0);
    await assert.rejects(client.pods('http').run('nothing', { command: ['true'] }), isNotFound);
  });
});

async function pod(client: Client, name: string): Promise<string> {
  const pods = client.of(Pod).in('http');
  await pods.create({ metadata: { name }, spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] } });
  const containerStatuses = [
    { name: 'c', ready: true, restartCount: 0, image: 'i', imageID: 'i', state: { running: {} } },
  ];
  await pods.status.patch(name, { merge: { status: { phase: 'Running', containerStatuses } } });
  return name;
}

test('one connection serves call after call, and watches have their own', async (t) => {
  const certificates = await makeCertificates(systemClock, ['127.0.0.1']);
  let connections = 0;
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.includes('watch=true') === true) response.writeHead(200).flushHeaders();
    else response.end('{"kind":"ConfigMap","metadata":{"name":"a"}}');
  };
  const server = createTLSServer({ key: certificates.key, cert: certificates.cert }, respond);
  server.on('secureConnection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = createClient(httpTransport({ server: `https://127.0.0.1:${port}/prefix`, ca: certificates.ca }));
  t.after(() => client.close());
  for (let i = 0; i < 20; i += 1) await client.of(ConfigMap).in('x').get('a');
  const forCalls = connections;
  assert.ok(forCalls <= 2, `${forCalls} connections for 20 calls`);
  const stopping = new AbortController();
  const watches = Array.from({ length: 5 }, async () => {
    for await (const _ of client.of(ConfigMap).watch({ signal: stopping.signal }));
  });
  await client.of(ConfigMap).in('x').get('a');
  assert.ok(connections <= forCalls + 5);
  stopping.abort();
  await Promise.all(watches);
});

test('a server that is not there gives one clear error', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const client = createClient(httpTransport({ server: `https://127.0.0.1:${port}` }));
  await assert.rejects(client.json('/version'), /GET \/version got no answer: .*ECONNREFUSED/);
  assert.throws(() => httpTransport({ server: 'here' }), /here is not a server address/);
});
