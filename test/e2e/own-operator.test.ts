import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually, TestCluster } from './local-cluster.ts';

/** The path of someone who writes an operator: the example, as its README starts it. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const wait = ['wait', '--for=condition=Ready', 'webapp/hello', '--timeout=30s'] as const;

test('the example operator makes, resizes and removes deployments, and stops in order', async () => {
  await using cluster = TestCluster.start('--nodes', '1');
  const operator = spawn(process.execPath, ['--conditions=@reeve/source', 'examples/webapp/operator.ts'], {
    cwd: root,
    env: { ...process.env, KUBECONFIG: join(cluster.home, cluster.name, 'kubeconfig') },
    stdio: 'ignore',
  });
  const ended = once(operator, 'exit');
  try {
    await eventually('the kind is served', () => cluster.tryKubectl('get', 'webapps').code === 0, 20_000);
    cluster.kubectl('apply', '-f', 'examples/webapp/webapp.yaml');
    cluster.kubectl(...wait);
    assert.match(cluster.kubectl('logs', 'deploy/hello'), /etcdctl version: 3\.5\.16/);
    cluster.kubectl('scale', 'webapp/hello', '--replicas=3');
    cluster.kubectl('wait', '--for=jsonpath={.status.ready}=3', 'webapp/hello', '--timeout=30s');
    assert.match(cluster.kubectl('get', 'wa', 'hello'), /^NAME +READY.*\nhello +3/);
    cluster.kubectl('delete', 'webapp', 'hello');
    await eventually('its deployment goes with it', () => cluster.kubectl('get', 'deployments') === '', 20_000);
  } finally {
    operator.kill('SIGINT');
  }
  assert.deepEqual(await ended, [0, null]);
});
