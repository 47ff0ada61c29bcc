import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { ClusterDirectory, clusterNames } from './cluster-directory.ts';
import { askControl, serveControl } from './control.ts';
import { kubeConfigOf } from './kube-config.ts';

const home = mkdtempSync(join(tmpdir(), 'reeve-cluster-'));
const env = { REEVE_HOME: home };
after(() => rmSync(home, { recursive: true, force: true }));

test('a published cluster is found by its name until it is retracted', async () => {
  const directory = new ClusterDirectory('one', env);
  await directory.create();
  assert.equal(await directory.running(), undefined);
  await directory.publish({ server: 'https://127.0.0.1:1', dataDir: await directory.dataDir() }, 'config');
  assert.equal((await directory.running())?.pid, process.pid);
  assert.deepEqual(await clusterNames(env), ['one']);
  assert.equal(statSync(directory.kubeConfig).mode & 0o077, 0, 'others may not read the kubeconfig');
  await directory.retract();
  assert.equal(await directory.running(), undefined);
});

test('the record of a dead process, or of another that has its number now, is not a running cluster', async () => {
  const directory = new ClusterDirectory('dead', env);
  await directory.create();
  await directory.publish({ server: 's', dataDir: 'd' }, '');
  const record = await directory.record();
  const write = (change: object): void =>
    writeFileSync(join(directory.path, 'cluster.json'), JSON.stringify({ ...record, ...change }));
  write({ startTicks: '1' });
  assert.equal(await directory.running(), undefined);
  write({ pid: 2 ** 22 + 1 });
  assert.equal(await directory.running(), undefined);
});

test('a chosen data folder is remembered, and a purge deletes only what the cluster kept in it', async () => {
  const directory = new ClusterDirectory('moved', env);
  const chosen = mkdtempSync(join(tmpdir(), 'reeve-data-'));
  writeFileSync(join(chosen, 'mine.txt'), 'mine');
  await directory.create();
  assert.equal(await directory.hasData(chosen), false);
  assert.equal(await directory.createData(chosen), chosen);
  assert.equal(statSync(join(chosen, 'nodes')).mode & 0o077, 0, 'others may not read what pods mount');
  await directory.retract();
  assert.equal(await new ClusterDirectory('moved', env).dataDir(), chosen);
  await directory.purge();
  assert.deepEqual(readdirSync(chosen), ['mine.txt']);
  assert.deepEqual((await clusterNames(env)).includes('moved'), false);
  rmSync(chosen, { recursive: true });
});

test('names that could leave the folder or break a kubeconfig are refused', () => {
  for (const name of ['', '..', 'a/b', 'A', '-a', 'a'.repeat(33)]) {
    assert.throws(() => new ClusterDirectory(name, env), { code: 'BAD_NAME' });
  }
});

test('the kubeconfig names server, authority and token', () => {
  const config = parse(kubeConfigOf({ name: 'x', server: 'https://h:1', ca: 'PEM', token: 't' })) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: { token: string } }[];
  };
  assert.equal(config.clusters[0]?.cluster['server'], 'https://h:1');
  assert.equal(
    Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString(),
    'PEM',
  );
  assert.equal(config.users[0]?.user.token, 't');
});

test('the control socket passes actions on and tells what they refuse', async () => {
  const socket = join(home, 'control.sock');
  const done: string[] = [];
  const server = await serveControl(socket, {
    stop: () => Promise.resolve(void done.push('stop')),
    stopNode: (name) => Promise.resolve(void done.push(`stop ${name}`)),
    startNode: () => Promise.reject(new RangeError('There is no node "x".')),
  });
  await askControl(socket, '/nodes/node-1/stop');
  await askControl(socket, '/stop');
  assert.deepEqual(done, ['stop node-1', 'stop']);
  await assert.rejects(askControl(socket, '/nodes/x/start'), {
    code: 'CONTROL_FAILED',
    message: 'There is no node "x".',
  });
  await assert.rejects(askControl(socket, '/other'), { code: 'CONTROL_FAILED' });
  server.close();
  await assert.rejects(askControl(join(home, 'nothing.sock'), '/stop'), { code: 'CONTROL_FAILED' });
});
