import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import type { MessageStream } from '@reeve/api';
import { PersistentVolume, PersistentVolumeClaim, Pod, ServiceAccount } from '@reeve/api/core/v1';
import type { Container } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

import { checkSandbox } from '../host/sandbox-check.ts';
import { startPodCluster } from '../testing/pod-cluster.ts';
import type { PodCluster } from '../testing/pod-cluster.ts';

const skip = checkSandbox();
let cluster: PodCluster;

before(async () => {
  if (skip === undefined) cluster = await startPodCluster();
});
after(() => cluster?.stop());

const forever = 'trap "exit 0" TERM; while true; do sleep 0.05; done';
const shell = (script: string, more: Partial<Container> = {}): Container => ({
  name: 'main',
  image: 'host',
  command: ['sh', '-c', script],
  ...more,
});
const isRunning = ({ status }: Stored<Pod>): boolean => status?.phase === 'Running';

async function inPod(name: string, script: string): Promise<string> {
  const { stdout, stderr, code } = await cluster.client
    .pods('default')
    .run(name, { container: 'main', command: ['sh', '-c', script] });
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

test('a pod has its claim, its token, a subPath and the downward API', { skip }, async () => {
  const { client, dataDir } = cluster;
  mkdirSync(join(dataDir, 'volumes/one/inner'), { recursive: true });
  writeFileSync(join(dataDir, 'volumes/one/inner/file'), 'kept');
  const capacity = { storage: '1Gi' };
  const accessModes = ['ReadWriteOnce'] as const;
  const hostPath = { path: join(dataDir, 'volumes/one') };
  await client.of(PersistentVolume).create({ metadata: { name: 'one' }, spec: { capacity, accessModes, hostPath } });
  const claims = client.of(PersistentVolumeClaim).in('default');
  await claims.create({
    metadata: { name: 'one' },
    spec: { volumeName: 'one', accessModes, resources: { requests: capacity }, storageClassName: '' },
  });
  await claims.status.patch('one', { merge: { status: { phase: 'Bound' } } });
  await client
    .of(ServiceAccount)
    .in('default')
    .create({ metadata: { name: 'robot' } });
  await client
    .of(Pod)
    .in('default')
    .create({
      metadata: { name: 'volumes', labels: { color: 'red' } },
      spec: {
        nodeName: 'node-a',
        serviceAccountName: 'robot',
        volumes: [
          { name: 'disk', persistentVolumeClaim: { claimName: 'one' } },
          {
            name: 'all',
            projected: {
              sources: [
                { serviceAccountToken: { path: 'token', expirationSeconds: 600 } },
                { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
              ],
            },
          },
        ],
        containers: [
          shell(forever, {
            securityContext: { runAsUser: 1000 },
            volumeMounts: [
              { name: 'disk', mountPath: '/disk' },
              { name: 'disk', mountPath: '/usr/share/inner', subPath: 'inner', readOnly: true },
              { name: 'all', mountPath: '/var/run/all' },
            ],
          }),
        ],
      },
    });
  await cluster.until('volumes', isRunning);
  assert.equal(await inPod('volumes', 'cat /usr/share/inner/file; echo new > /disk/new; cat /disk/new'), 'keptnew');
  await assert.rejects(inPod('volumes', 'touch /usr/share/inner/x'), /Read-only file system/);
  const [, claimsPart = ''] = (await inPod('volumes', 'cat /run/all/token')).split('.');
  const token = JSON.parse(Buffer.from(claimsPart, 'base64url').toString()) as { sub: string };
  assert.equal(token.sub, 'system:serviceaccount:default:robot');
  assert.equal(await inPod('volumes', 'cat /run/all/labels'), 'color="red"');
  await client
    .of(Pod)
    .in('default')
    .patch('volumes', { merge: { metadata: { labels: { color: 'blue' } } } });
  await inPod('volumes', 'until grep -q blue /run/all/labels; do sleep 0.05; done');
});

test('a pod may not mount what lies outside the cluster', { skip }, async () => {
  await cluster.run('thief', 'node-a', {
    volumes: [{ name: 'etc', hostPath: { path: '/etc' } }],
    containers: [shell(forever, { volumeMounts: [{ name: 'etc', mountPath: '/stolen' }] })],
  });
  const events = async (): Promise<string> =>
    JSON.stringify(await cluster.client.json('/api/v1/namespaces/default/events'));
  const deadline = performance.now() + 5000;
  while (!(await events()).includes('hostPath /etc is outside') && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.match(await events(), /hostPath \/etc is outside the cluster's directory/);
});

async function addressOf(name: string): Promise<{ node: string; namespace: string; pod: string; uid: string }> {
  const pod = await cluster.client.of(Pod).in('default').get(name);
  return { node: pod.spec?.nodeName ?? '', namespace: 'default', pod: name, uid: pod.metadata.uid };
}

/** Collects a conversation's output by channel until it ends. */
async function collect(stream: MessageStream): Promise<Readonly<Record<number, string>>> {
  const texts: Record<number, string> = {};
  for await (const message of stream.incoming) {
    const [number = -1] = message;
    texts[number] = (texts[number] ?? '') + Buffer.from(message.subarray(1)).toString();
  }
  return texts;
}

const message = (channel: number, text: string): Uint8Array =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);

test('exec carries stdin, a terminal with its size, and the exit code', { skip }, async () => {
  await cluster.run('shells', 'node-b', { containers: [shell(forever)] });
  await cluster.until('shells', isRunning);
  const container = { ...(await addressOf('shells')), container: 'main' };
  const { connector } = cluster.host;
  const plain = await connector.exec(container, {
    command: ['sh', '-c', 'cat; echo err >&2; exit 9'],
    stdin: true,
    stdout: true,
    stderr: true,
    tty: false,
  });
  await plain.send(message(0, 'through'));
  await plain.send(Uint8Array.from([255, 0]));
  const output = await collect(plain);
  assert.deepEqual([output[1], output[2]], ['through', 'err\n']);
  assert.match(output[3] ?? '', /"reason":"ExitCode","message":"9"/);
  const terminal = await connector.exec(container, {
    command: ['sh', '-c', 'read go; stty size'],
    stdin: true,
    stdout: true,
    stderr: false,
    tty: true,
  });
  await terminal.send(message(4, '{"Width":91,"Height":17}'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await terminal.send(message(0, 'go\n'));
  const screen = await collect(terminal);
  assert.match(screen[1] ?? '', /17 91/);
  assert.match(screen[3] ?? '', /Success/);
});

test('attach reaches the program itself', { skip }, async () => {
  await cluster.run('talk', 'node-b', {
    restartPolicy: 'Never',
    containers: [shell('read line; echo "heard $line"; exit 4', { stdin: true, stdinOnce: true })],
  });
  await cluster.until('talk', isRunning);
  const container = { ...(await addressOf('talk')), container: 'main' };
  const options = { command: [], stdin: true, stdout: true, stderr: true, tty: false };
  const stream = await cluster.host.connector.attach(container, options);
  await stream.send(message(0, 'you\n'));
  const output = await collect(stream);
  assert.equal(output[1], 'heard you\n');
  assert.match(output[3] ?? '', /"message":"4"/);
});

for (const host of ['0.0.0.0', '127.0.0.1']) {
  test(`port-forward reaches a program that listens on ${host}`, { skip }, async () => {
    const name = `echo-${host.replaceAll('.', '-')}`;
    const echo = `require("net").createServer((s) => s.pipe(s)).listen(7000, "${host}")`;
    const readinessProbe = { exec: { command: ['sh', '-c', 'grep -q 1B58 /proc/net/tcp'] }, periodSeconds: 1 };
    await cluster.run(name, 'node-a', {
      containers: [{ name: 'main', image: 'host', command: ['node', '-e', echo], readinessProbe }],
    });
    await cluster.until(name, ({ status }) => status?.containerStatuses?.[0]?.ready === true);
    const stream = await cluster.host.connector.portForward(await addressOf(name), 7000);
    await stream.send(Buffer.from('hello'));
    const next = await stream.incoming[Symbol.asyncIterator]().next();
    assert.equal(Buffer.from((next.value ?? []) as Uint8Array).toString(), 'hello');
    await stream.close();
  });
}

test('a log that is not there and a pod that is not there are told', { skip }, async () => {
  const container = { node: 'node-a', namespace: 'default', pod: 'nobody', uid: 'none', container: 'main' };
  await assert.rejects(async () => {
    for await (const _ of cluster.host.connector.logs(container, {})) assert.fail();
  }, /the pod default\/nobody is not on the node node-a/);
  await assert.rejects(
    cluster.host.connector.portForward({ ...container, node: 'gone' }, 1),
    /the node gone is not running/,
  );
});
