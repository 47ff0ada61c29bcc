import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, ResourceQuota, ResourceQuotaSpec } from '@reeve/api/core/v1';
import { countedResources, quotaUsage } from './quota-usage.ts';

function quota(spec: ResourceQuotaSpec): ResourceQuota {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec };
}

function pod(cpu: string, more: { readonly phase?: 'Running' | 'Succeeded'; readonly deadline?: number } = {}): Pod {
  const containers = [{ name: 'c', image: 'i', resources: { requests: { cpu } } }];
  const deadline = more.deadline === undefined ? {} : { activeDeadlineSeconds: more.deadline };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers, ...deadline },
    status: { phase: more.phase ?? 'Running', qosClass: 'Burstable' },
  };
}

const cases = [
  {
    name: 'requests are summed',
    spec: { hard: { 'requests.cpu': '2' } },
    pods: [pod('600m'), pod('700m')],
    want: { 'requests.cpu': '1300m' },
  },
  {
    name: 'an ended pod is only counted as an object',
    spec: { hard: { pods: '2', 'count/pods': '2' } },
    pods: [pod('1'), pod('1', { phase: 'Succeeded' })],
    want: { pods: '1', 'count/pods': '2' },
  },
  {
    name: 'a scope leaves other pods out',
    spec: { hard: { pods: '2' }, scopes: ['Terminating'] },
    pods: [pod('1'), pod('1', { deadline: 60 })],
    want: { pods: '1' },
  },
  { name: 'what is not there counts zero', spec: { hard: { services: '2' } }, pods: [], want: { services: '0' } },
] as const;

for (const { name, spec, pods, want } of cases)
  test(name, () => {
    assert.deepEqual(quotaUsage(quota(spec), { pods, services: [], claims: [], counts: {} }), want);
  });

test('counts of other kinds are told apart from those with rules of their own', () => {
  const hard = { pods: '1', 'count/pods': '1', configmaps: '1', 'count/deployments.apps': '1' };
  assert.deepEqual(
    [...countedResources(quota({ hard }))],
    [
      ['configmaps', 'configmaps'],
      ['count/deployments.apps', 'deployments.apps'],
    ],
  );
});
