import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Service, ServiceSpec } from '@reeve/api/core/v1';
import { desiredSlices } from './desired-slice.ts';

interface Facts {
  readonly ip?: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly deleted?: boolean;
  readonly phase?: 'Running' | 'Failed';
  readonly http?: number;
}

function pod(
  name: string,
  { ip = `10.0.0.${name}`, node = 'n', ready = true, deleted, phase = 'Running', http }: Facts = {},
): Pod {
  const ports = http === undefined ? [] : [{ name: 'http', containerPort: http }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { nodeName: node, containers: [{ name: 'c', image: 'i', ports }] },
    status: { podIP: ip, phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

function service(more: Partial<ServiceSpec> = {}): Service {
  const ports = [{ name: '', port: 80, protocol: 'TCP' as const }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports, ...more } };
}

/** Slices as `ports: address ready/serving/terminating …`. */
function show(given: Service, pods: readonly Pod[]): readonly string[] {
  const nodes = { zoneOf: (name: string) => (name === 'gone' ? undefined : { zone: 'z' }) };
  const flag = (value: boolean | undefined): string => (value ? 'y' : 'n');
  return desiredSlices(given, pods, nodes).map(({ ports, endpoints }) =>
    [
      `${ports.map(({ port }) => port).join(',')}:`,
      ...endpoints.map(
        ({ addresses, conditions }) =>
          `${addresses[0]}=${flag(conditions?.ready)}${flag(conditions?.serving)}${flag(conditions?.terminating)}`,
      ),
    ].join(' '),
  );
}

const named = service({ ports: [{ name: 'web', port: 80, protocol: 'TCP', targetPort: 'http' }] });
const cases = [
  { name: 'without pods there is one empty slice', service: service(), pods: [], want: [':'] },
  { name: 'a ready pod is ready and serving', service: service(), pods: [pod('1')], want: ['80: 10.0.0.1=yyn'] },
  {
    name: 'an unready pod is listed as such',
    service: service(),
    pods: [pod('1', { ready: false })],
    want: ['80: 10.0.0.1=nnn'],
  },
  {
    name: 'a terminating pod still serves',
    service: service(),
    pods: [pod('1', { deleted: true })],
    want: ['80: 10.0.0.1=nyy'],
  },
  {
    name: 'publishNotReadyAddresses makes every pod ready',
    service: service({ publishNotReadyAddresses: true }),
    pods: [pod('1', { ready: false })],
    want: ['80: 10.0.0.1=ynn'],
  },
  {
    name: 'ended pods, pods without an address and pods of unknown nodes are left out',
    service: service(),
    pods: [pod('1', { phase: 'Failed' }), pod('2', { ip: '' }), pod('3', { node: 'gone' })],
    want: [':'],
  },
  {
    name: 'a named port with two numbers makes two slices',
    service: named,
    pods: [pod('1', { http: 8080 }), pod('2', { http: 9090 }), pod('3', { http: 8080 })],
    want: ['8080: 10.0.0.1=yyn 10.0.0.3=yyn', '9090: 10.0.0.2=yyn'],
  },
  {
    name: 'a pod without the named port is in a slice without ports',
    service: named,
    pods: [pod('1')],
    want: [': 10.0.0.1=yyn'],
  },
];

for (const { name, service: given, pods, want } of cases) test(name, () => assert.deepEqual(show(given, pods), want));

test('more than a hundred endpoints fill further slices', () => {
  const pods = Array.from({ length: 101 }, (_, index) => pod(String(index)));
  const slices = desiredSlices(service(), pods, { zoneOf: () => ({ zone: undefined }) });
  assert.deepEqual(
    slices.map(({ endpoints }) => endpoints.length),
    [100, 1],
  );
});
