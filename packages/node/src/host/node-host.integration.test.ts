import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { ConfigMap, Pod, Service } from '@reeve/api/core/v1';
import type { Container } from '@reeve/api/core/v1';
import { EndpointSlice } from '@reeve/api/discovery/v1';
import { isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';

import { startPodCluster } from '../testing/pod-cluster.ts';
import type { PodCluster } from '../testing/pod-cluster.ts';
import { checkSandbox } from './sandbox-check.ts';

const skip = checkSandbox();
let cluster: PodCluster;
let stopped = false;

before(async () => {
  if (skip === undefined) cluster = await startPodCluster();
});
after(() => (stopped ? undefined : cluster?.stop()));

const shell = (script: string, more: Partial<Container> = {}): Container => ({
  name: 'main',
  image: 'host',
  command: ['sh', '-c', script],
  ...more,
});
const forever = 'trap "exit 0" TERM; while true; do sleep 0.05; done';
const isReady = ({ status }: Stored<Pod>): boolean =>
  status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') === true;

const text = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
};

test('a pod runs with its variables and files, logs, answers exec, and ends when it is deleted', { skip }, async () => {
  const { client } = cluster;
  await client
    .of(ConfigMap)
    .in('default')
    .create({ metadata: { name: 'conf' }, data: { key: 'one' } });
  await cluster.run('first', 'node-a', {
    terminationGracePeriodSeconds: 5,
    volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
    containers: [
      shell(`echo "I am $(NAME)"; echo oops >&2; ${forever}`, {
        env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
      }),
    ],
  });
  const pod = await cluster.until('first', isReady);
  assert.equal(pod.status?.phase, 'Running');
  assert.match(pod.status?.podIP ?? '', /^10\.244\.0\./);
  const pods = client.pods('default');
  assert.match(await text(await pods.log('first')), /^(I am first\noops|oops\nI am first)\n$/);
  const script = 'cat /etc/conf/key; hostname; exit 3';
  const result = await pods.run('first', { container: 'main', command: ['sh', '-c', script] });
  assert.deepEqual([result.code, result.stdout], [3, 'onefirst\n']);
  await client
    .of(ConfigMap)
    .in('default')
    .patch('conf', { merge: { data: { key: 'two' } } });
  const wait = 'until grep -q two /etc/conf/key; do sleep 0.05; done';
  assert.equal((await pods.run('first', { container: 'main', command: ['sh', '-c', wait] })).code, 0);
  await client.of(Pod).in('default').delete('first');
  await assert.rejects(
    cluster.until('first', () => false, 5000),
    isNotFound,
  );
});

test('a pod reaches others by Service and by name, and is refused without endpoints', { skip }, async () => {
  const { client } = cluster;
  const serve = 'require("http").createServer((q, r) => r.end("hello")).listen(8080)';
  const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
  await cluster.run('web', 'node-b', {
    containers: [{ name: 'main', image: 'host', command: ['node', '-e', serve], readinessProbe }],
  });
  await client
    .of(Service)
    .in('default')
    .create({ metadata: { name: 'web' }, spec: { clusterIP: '10.96.7.7', ports: [{ port: 80, targetPort: 8080 }] } });
  await cluster.run('client', 'node-a', { containers: [shell(forever)] });
  const web = await cluster.until('web', isReady);
  await cluster.until('client', isReady);
  const ask = 'fetch("http://web").then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code))';
  const run = async (): Promise<string> =>
    (await client.pods('default').run('client', { container: 'main', command: ['node', '-e', ask] })).stdout.trim();
  assert.equal(await run(), 'ECONNREFUSED');
  await client
    .of(EndpointSlice)
    .in('default')
    .create({
      metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ port: 8080 }],
      endpoints: [{ addresses: [web.status?.podIP ?? ''], conditions: { ready: true } }],
    });
  const deadline = performance.now() + 5000;
  let answer = await run();
  while (answer !== 'hello' && performance.now() < deadline) answer = await run();
  assert.equal(answer, 'hello');
});

test('names resolve at once while other pods come and go', { skip }, async () => {
  const lookups = `
    const { lookup } = require('node:dns/promises');
    (async () => {
      let slowest = 0;
      for (let count = 0; count < 60; count++) {
        const began = performance.now();
        await lookup('kubernetes.default');
        slowest = Math.max(slowest, performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      console.log(Math.round(slowest));
    })();`;
  const measured = cluster.client
    .pods('default')
    .run('client', { container: 'main', command: ['node', '-e', lookups] });
  for (const name of ['guest-1', 'guest-2', 'guest-3']) {
    await cluster.run(name, 'node-a', { containers: [shell(forever)] });
    await cluster.until(name, isReady);
    await cluster.client.of(Pod).in('default').delete(name, { gracePeriodSeconds: 1 });
  }
  // A lost packet costs five seconds; a busy machine some hundred milliseconds.
  const { code, stdout, stderr } = await measured;
  assert.equal(code, 0, stderr);
  assert.ok(Number(stdout) < 4000, `the slowest lookup took ${stdout} ms`);
});

test('a crashing container is restarted, then backs off; its last run is remembered', { skip }, async () => {
  await cluster.run('crash', 'node-a', {
    containers: [shell('echo dying; echo because > /dev/termination-log; exit 3')],
  });
  const pod = await cluster.until('crash', ({ status }) => {
    const [container] = status?.containerStatuses ?? [];
    return container?.restartCount === 1 && container.state?.waiting?.reason === 'CrashLoopBackOff';
  });
  const last = pod.status?.containerStatuses?.[0]?.lastState?.terminated;
  assert.equal(last?.exitCode, 3);
  assert.equal(last?.reason, 'Error');
  assert.equal(last?.message, 'because\n');
  assert.equal(await text(await cluster.client.pods('default').log('crash', { previous: true })), 'dying\n');
});

test('init containers and a sidecar go first, and the pod succeeds', { skip }, async () => {
  const work = { name: 'work', mountPath: '/work' };
  await cluster.run('job', 'node-b', {
    restartPolicy: 'Never',
    volumes: [{ name: 'work', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
    initContainers: [
      shell('echo prepared > /work/file', { name: 'init', volumeMounts: [work] }),
      shell(forever, { name: 'side', restartPolicy: 'Always' }),
    ],
    containers: [
      shell('cat /work/file; id -u; dd if=/dev/zero of=/work/big bs=1M count=2 2>/dev/null || echo full', {
        volumeMounts: [work],
        securityContext: { runAsUser: 1234, runAsNonRoot: true },
      }),
    ],
  });
  await cluster.until('job', ({ status }) => status?.phase === 'Succeeded');
  const log = await text(await cluster.client.pods('default').log('job', { container: 'main' }));
  assert.equal(log, 'prepared\n1234\nfull\n');
});

test('a pod that cannot run says why', { skip }, async () => {
  await cluster.run('no-image', 'node-a', { containers: [shell('true', { image: 'nowhere/x:1' })] });
  await cluster.run('no-secret', 'node-a', {
    containers: [shell('true', { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }] })],
  });
  await cluster.run('no-program', 'node-a', {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'host', command: ['no-such-program'] }],
  });
  await cluster.run('host-network', 'node-a', { hostNetwork: true, containers: [shell('true')] });
  const waiting = ({ status }: Stored<Pod>): string => status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '';
  const image = await cluster.until('no-image', (pod) => waiting(pod) === 'ImagePullBackOff');
  assert.match(image.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '', /reeve images add nowhere\/x:1/);
  const secret = await cluster.until('no-secret', (pod) => waiting(pod) === 'CreateContainerConfigError');
  assert.equal(secret.status?.containerStatuses?.[0]?.state?.waiting?.message, 'secret "none" not found');
  const program = await cluster.until('no-program', ({ status }) => status?.phase === 'Failed');
  assert.equal(program.status?.containerStatuses?.[0]?.state?.terminated?.reason, 'StartError');
  const refused = await cluster.until('host-network', ({ status }) => status?.phase === 'Failed');
  assert.match(refused.status?.message ?? '', /do not support spec.hostNetwork/);
});

test('liveness restarts a container, and a preStop hook runs before the end', { skip }, async () => {
  const work = { name: 'work', mountPath: '/work' };
  await cluster.run('sick', 'node-b', {
    terminationGracePeriodSeconds: 2,
    volumes: [{ name: 'work', emptyDir: {} }],
    containers: [
      shell(`test -e /work/stopped && touch /work/healthy; ${forever}`, {
        volumeMounts: [work],
        livenessProbe: {
          exec: { command: ['test', '-e', '/work/healthy'] },
          periodSeconds: 1,
          failureThreshold: 1,
          initialDelaySeconds: 1,
        },
        lifecycle: { preStop: { exec: { command: ['touch', '/work/stopped'] } } },
      }),
    ],
  });
  await cluster.until('sick', (pod) => pod.status?.containerStatuses?.[0]?.restartCount === 1 && isReady(pod));
});

test('a node that lost power starts its pods again in place, on the same volumes', { skip }, async () => {
  const { host, client } = cluster;
  await cluster.run('stay', 'node-b', {
    volumes: [{ name: 'data', emptyDir: {} }],
    containers: [shell(`echo run >> /data/runs; ${forever}`, { volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
  });
  const runs = async (count: number): Promise<void> => {
    await cluster.until('stay', isReady);
    const script = `until [ "$(grep -c run /data/runs)" = ${count} ]; do sleep 0.05; done`;
    const { code } = await client
      .pods('default')
      .run('stay', { container: 'main', command: ['timeout', '5', 'sh', '-c', script] });
    assert.equal(code, 0, `the program should have run ${count} times on this volume`);
  };
  await runs(1);
  await host.stopNode('node-b');
  await assert.rejects(client.pods('default').run('stay', { container: 'main', command: ['true'] }));
  await host.startNode('node-b');
  const pod = await cluster.until('stay', ({ status }) => status?.containerStatuses?.[0]?.restartCount === 1);
  assert.equal(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.reason, 'Unknown');
  await runs(2);
});

test('a secret variable is not in the process list', { skip }, async () => {
  await cluster.run('discreet', 'node-a', {
    containers: [shell(forever, { env: [{ name: 'PASSWORD', value: 'not-for-everyone' }] })],
  });
  await cluster.until('discreet', isReady);
  const { stdout } = await cluster.client
    .pods('default')
    .run('discreet', { container: 'main', command: ['sh', '-c', 'sleep 0.2; echo $PASSWORD'] });
  assert.equal(stdout, 'not-for-everyone\n');
  const commands = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(commandOf);
  assert.ok(!commands.some((command) => command.includes('not-for-everyone')));
});

test('nothing is left on the machine when the cluster stops', { skip }, async () => {
  stopped = true;
  await cluster.stop();
  const left = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map(commandOf)
    .filter((command) => command.includes(cluster.dataDir));
  assert.deepEqual(left, []);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(cluster.dataDir));
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
