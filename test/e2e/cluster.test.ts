import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually, runReeve, TestCluster } from './local-cluster.ts';

/** The life of local clusters themselves. */

/** Command lines of all processes that mention a word. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(word) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}
const links = (): string =>
  readFileSync('/proc/net/dev', 'utf8')
    .split('\n')
    .map((line) => line.split(':')[0]?.trim())
    .toSorted()
    .join(' ');
const mounts = (): readonly string[] => readFileSync('/proc/self/mounts', 'utf8').split('\n').toSorted();

test('after kill -9 of the cluster and reeve down no process, mount or link is left', async () => {
  const before = { links: links(), mounts: mounts() };
  await using cluster = TestCluster.start();
  cluster.kubectl('run', 'e', '--image=quay.io/coreos/etcd:v3.5.16', '--restart=Never');
  cluster.kubectl('wait', '--for=condition=Ready', 'pod/e', '--timeout=30s');
  const record = JSON.parse(readFileSync(join(cluster.home, cluster.name, 'cluster.json'), 'utf8')) as { pid: number };
  assert.ok(processesWith(cluster.home).length > 0);
  process.kill(record.pid, 'SIGKILL');
  await eventually('everything has ended', () => processesWith(cluster.home).length === 0, 10_000);
  assert.equal(cluster.reeve('down').code, 0);
  assert.deepEqual({ links: links(), mounts: mounts() }, before);
});

test('what was written survives a restart of the cluster', async () => {
  await using cluster = TestCluster.start();
  cluster.kubectl('create', 'configmap', 'kept', '--from-literal=k=v');
  assert.equal(cluster.reeve('down').code, 0);
  assert.equal(cluster.reeve('up', '--detach').code, 0);
  assert.equal(cluster.kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.data.k}'), 'v');
});

test('two clusters run side by side, and one name runs once', async () => {
  await using one = TestCluster.start('--nodes', '1');
  await using two = TestCluster.start('--nodes', '1');
  one.kubectl('create', 'namespace', 'only-here');
  assert.notEqual(two.tryKubectl('get', 'namespace', 'only-here').code, 0);
  const again = one.reeve('up', '--detach');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /already running/);
});

test('a busy port is told in one sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const cluster = new TestCluster();
  const { code, stderr } = cluster.reeve('up', '--port', String(port));
  server.close();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^reeve: Port ${port} .*cannot be used.*\\n$`));
  assert.equal(processesWith(cluster.home).length, 0);
});

test('a malformed kubeconfig and unknown names are told in one sentence', async () => {
  const cluster = new TestCluster();
  assert.match(cluster.reeve('kubeconfig').stderr, /^reeve: Cluster ".*" is not running\..*\n$/);
  assert.match(runReeve(['up', '--name', 'No Name']).stderr, /no cluster name/);
  assert.equal(runReeve(['frobnicate']).code, 1);
  const file = join(cluster.home, 'broken');
  writeFileSync(file, '{ not: [yaml');
  const { code, stderr } = runReeve(['kubectl', 'get', 'nodes'], { KUBECONFIG: file });
  assert.notEqual(code, 0);
  assert.ok(stderr.length > 0);
});

test('no network at the first set-up is told in one sentence, and nothing is started', () => {
  const cluster = new TestCluster();
  const env = {
    ...cluster.env,
    REEVE_CACHE: join(cluster.home, 'cache'),
    REEVE_DEBIAN_MIRROR: 'http://127.0.0.1:9/debian',
    PATH: process.env['PATH'] ?? '',
  };
  const { code, stderr } = runReeve(['start', '--name', cluster.name], env);
  assert.equal(code, 1);
  assert.match(stderr, /reeve: The Debian mirror cannot be reached .*REEVE_DEBIAN_MIRROR/);
  assert.equal(processesWith(cluster.home).length, 0);
});
