import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Service } from '@reeve/api/core/v1';
import type { EndpointSlice } from '@reeve/api/discovery/v1';

import { AddressPool } from './address-pool.ts';
import { addressAt, nodeRange, parseCIDR, parseIPv4 } from './ipv4.ts';
import { serviceRoutes } from './service-table.ts';

test('addresses are counted from the range', () => {
  const range = parseCIDR('10.244.0.0/16');
  assert.equal(addressAt(nodeRange(range, 3), 7), '10.244.3.7');
  assert.equal(parseIPv4('10.244.0.256'), undefined);
  assert.throws(() => parseCIDR('10.244.0.0'), { message: '10.244.0.0 is no IPv4 range; write it as 10.244.0.0/16' });
});

test('a pool hands out each address once and a freed one last', () => {
  const pool = new AddressPool(parseCIDR('10.0.0.0/29'));
  const taken = Array.from({ length: 5 }, () => pool.take());
  assert.deepEqual(taken, ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
  assert.throws(() => pool.take(), /no pod address left/);
  pool.free('10.0.0.4');
  assert.equal(pool.take(), '10.0.0.4');
});

const service: Service = {
  metadata: { name: 's', namespace: 'n' },
  spec: {
    clusterIP: '10.96.0.5',
    ports: [
      { name: 'http', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
};
const slice = (conditions: object, address = '10.244.0.2'): EndpointSlice => ({
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080 }],
  endpoints: [{ addresses: [address], conditions }],
});

const cases: readonly {
  name: string;
  service?: Service;
  slices: EndpointSlice[];
  expected: Record<string, string[]>;
}[] = [
  {
    name: 'a ready endpoint is routed to',
    slices: [slice({ ready: true })],
    expected: { '10.96.0.5:80': ['10.244.0.2:8080'] },
  },
  {
    name: 'an unknown readiness counts as ready',
    slices: [slice({})],
    expected: { '10.96.0.5:80': ['10.244.0.2:8080'] },
  },
  { name: 'an endpoint that is not ready is not routed to', slices: [slice({ ready: false })], expected: {} },
  {
    name: 'a terminating endpoint serves while none is ready',
    slices: [slice({ ready: false, serving: true, terminating: true })],
    expected: { '10.96.0.5:80': ['10.244.0.2:8080'] },
  },
  {
    name: 'but not beside a ready one',
    slices: [slice({ ready: false, serving: true, terminating: true }), slice({ ready: true }, '10.244.1.2')],
    expected: { '10.96.0.5:80': ['10.244.1.2:8080'] },
  },
  {
    name: 'a headless Service has no routes',
    service: { ...service, spec: { ...service.spec, clusterIP: 'None' } },
    slices: [slice({})],
    expected: {},
  },
  { name: 'a Service without slices has none', slices: [], expected: {} },
];

for (const { name, service: own = service, slices, expected } of cases) {
  test(name, () => {
    const routes = [...serviceRoutes(own, slices)].map(([key, { backends }]) => [
      key,
      backends.map(({ host, port }) => `${host}:${port}`),
    ]);
    assert.deepEqual(Object.fromEntries(routes), expected);
  });
}
