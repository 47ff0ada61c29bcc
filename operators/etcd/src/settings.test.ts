import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterDomainIn, durationMs, readSettings } from './settings.ts';

test('the cluster domain is found in the search list of a pod', () => {
  assert.equal(
    clusterDomainIn('nameserver 10.96.0.10\nsearch ns.svc.example.org svc.example.org example.org\n'),
    'example.org',
  );
  assert.equal(clusterDomainIn('nameserver 1.1.1.1\n'), 'cluster.local');
});

test('durations are written as in Kubernetes', () => {
  assert.deepEqual(['90s', '5m', '1h'].map(durationMs), [90_000, 300_000, 3_600_000]);
  assert.throws(() => durationMs('soon'), /write it as 90s, 5m or 1h/);
});

test('flags override the defaults, and an unknown one is named with those there are', async () => {
  const settings = await readSettings(['--replace-after', '30s', '--namespace', 'ops', '--health-port', '0']);
  assert.deepEqual([settings.policy.replaceAfterMs, settings.namespace, settings.healthPort], [30_000, 'ops', 0]);
  await assert.rejects(readSettings(['--nope']), /--nope.*--replace-after/s);
});
