import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Pod, PodSpec } from '@reeve/api/core/v1';

import { hostnameOf, resolverFile } from './pod-files.ts';
import { unsupportedFields, warnedFields } from './unsupported.ts';

const podWith = (spec: Partial<PodSpec>): Pod => ({
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [{ name: 'c' }], ...spec },
});

const cluster = 'search n.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';

for (const [name, spec, expected] of [
  ['the cluster by default', {}, cluster],
  [
    'own servers and searches after the cluster',
    {
      dnsConfig: {
        nameservers: ['1.1.1.1'],
        searches: ['x.y'],
        options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
      },
    },
    'search n.svc.cluster.local svc.cluster.local cluster.local x.y\nnameserver 10.96.0.10\nnameserver 1.1.1.1\noptions ndots:2 edns0\n',
  ],
  [
    'only its own configuration with policy None',
    { dnsPolicy: 'None', dnsConfig: { nameservers: ['9.9.9.9'] } },
    'nameserver 9.9.9.9\n',
  ],
] as const) {
  test(`a pod resolves by ${name}`, () => {
    const pod = podWith(spec as Partial<PodSpec>);
    const input = { pod, podIP: '10.244.0.2', hostname: 'p', dnsAddress: '10.96.0.10', clusterDomain: 'cluster.local' };
    assert.equal(resolverFile(input), expected);
  });
}

test('a host name has at most 63 characters and no dot at its end', () => {
  assert.equal(hostnameOf(podWith({ hostname: 'own' })), 'own');
  assert.equal(hostnameOf({ metadata: { name: `${'a'.repeat(62)}.b` } }), 'a'.repeat(62));
});

for (const [name, spec, refused, warned] of [
  ['an ordinary pod', {}, [], []],
  ['the host network', { hostNetwork: true }, ['spec.hostNetwork'], []],
  [
    'a host port',
    { containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort: 80 }] }] },
    ['ports[].hostPort of container c'],
    [],
  ],
  [
    'a size limit on disk',
    { volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }] },
    [],
    ['spec.emptyDir.sizeLimit on disk'],
  ],
] as const) {
  test(`what cannot be given to a pod is told: ${name}`, () => {
    const pod = podWith(spec as Partial<PodSpec>);
    assert.deepEqual([unsupportedFields(pod), warnedFields(pod)], [refused, warned]);
  });
}
