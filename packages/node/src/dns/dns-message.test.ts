import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Service } from '@reeve/api/core/v1';
import { decode, encode } from 'dns-packet';
import type { RecordType } from 'dns-packet';

import type { NamedEndpoint, ServiceDirectory } from '../network/service-directory.ts';
import { answerQuery } from './dns-message.ts';

const domain = 'cluster.local';

const services: readonly Service[] = [
  {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { clusterIP: '10.96.1.1', ports: [{ name: 'http', port: 80 }] },
  },
  { metadata: { name: 'db', namespace: 'shop' }, spec: { clusterIP: 'None', ports: [{ name: 'peer', port: 2380 }] } },
  {
    metadata: { name: 'early', namespace: 'shop' },
    spec: { clusterIP: 'None', publishNotReadyAddresses: true },
  },
  { metadata: { name: 'out', namespace: 'shop' }, spec: { type: 'ExternalName', externalName: 'example.org' } },
  { metadata: { name: 'empty', namespace: 'shop' }, spec: { clusterIP: 'None' } },
];

const ports = [{ name: 'peer', port: 2380 }];
const endpoints: Readonly<Record<string, readonly NamedEndpoint[]>> = {
  db: [
    { address: '10.244.0.2', label: 'db-0', ready: true, ports },
    { address: '10.244.1.2', label: '10-244-1-2', ready: true, ports },
    { address: '10.244.2.2', label: 'db-2', ready: false, ports },
  ],
  early: [{ address: '10.244.0.9', label: 'e-0', ready: false, ports: [] }],
};

const directory: ServiceDirectory = {
  service: (namespace, name) =>
    services.find(({ metadata }) => metadata?.namespace === namespace && metadata.name === name),
  services: () => services as ReturnType<ServiceDirectory['services']>,
  slices: () => [],
  endpoints: (_namespace, service) => endpoints[service] ?? [],
  podAt: (address) =>
    address === '10.244.0.77'
      ? { metadata: { name: 'new', namespace: 'shop' }, spec: { hostname: 'new', subdomain: 'db', containers: [] } }
      : undefined,
  onChange: () => undefined,
};

function ask(
  name: string,
  type: RecordType,
  transport: 'udp' | 'tcp' = 'udp',
): { rcode: string; answers: string[]; extra: string[] } {
  const query = encode({ type: 'query', id: 7, flags: 0x100, questions: [{ type, name }] });
  const answer = answerQuery(query, directory, domain, transport);
  assert.ok(answer);
  const packet = decode(answer) as ReturnType<typeof decode> & { rcode: string };
  const show = ({ type: kind, data }: { type: string; data?: unknown }): string =>
    `${kind} ${typeof data === 'string' ? data : `${(data as { target: string }).target}:${(data as { port: number }).port}`}`;
  return {
    rcode: packet.rcode,
    answers: (packet.answers ?? []).map((record) => show(record as { type: string; data?: unknown })),
    extra: (packet.additionals ?? []).map((record) => show(record as { type: string; data?: unknown })),
  };
}

const cases: readonly { name: string; query: readonly [string, RecordType]; rcode?: string; answers: string[] }[] = [
  { name: 'a Service has its address', query: ['web.shop.svc.cluster.local', 'A'], answers: ['A 10.96.1.1'] },
  { name: 'names do not mind case', query: ['WEB.shop.SVC.cluster.local', 'A'], answers: ['A 10.96.1.1'] },
  {
    name: 'a Service without IPv6 address has no AAAA but exists',
    query: ['web.shop.svc.cluster.local', 'AAAA'],
    answers: [],
  },
  {
    name: 'a missing Service does not exist',
    query: ['nope.shop.svc.cluster.local', 'A'],
    rcode: 'NXDOMAIN',
    answers: [],
  },
  {
    name: 'a headless Service has its ready endpoints',
    query: ['db.shop.svc.cluster.local', 'A'],
    answers: ['A 10.244.0.2', 'A 10.244.1.2'],
  },
  { name: 'an endpoint has a name', query: ['db-0.db.shop.svc.cluster.local', 'A'], answers: ['A 10.244.0.2'] },
  {
    name: 'an endpoint without host name is named by its address',
    query: ['10-244-1-2.db.shop.svc.cluster.local', 'A'],
    answers: ['A 10.244.1.2'],
  },
  {
    name: 'an endpoint that is not ready has no name',
    query: ['db-2.db.shop.svc.cluster.local', 'A'],
    rcode: 'NXDOMAIN',
    answers: [],
  },
  {
    name: 'unless the Service publishes those that are not ready',
    query: ['e-0.early.shop.svc.cluster.local', 'A'],
    answers: ['A 10.244.0.9'],
  },
  { name: 'a headless Service without endpoints exists', query: ['empty.shop.svc.cluster.local', 'A'], answers: [] },
  {
    name: 'a port of a Service has a SRV record',
    query: ['_http._tcp.web.shop.svc.cluster.local', 'SRV'],
    answers: ['SRV web.shop.svc.cluster.local:80'],
  },
  {
    name: 'a port of a headless Service has one SRV record per endpoint',
    query: ['_peer._tcp.db.shop.svc.cluster.local', 'SRV'],
    answers: ['SRV db-0.db.shop.svc.cluster.local:2380', 'SRV 10-244-1-2.db.shop.svc.cluster.local:2380'],
  },
  {
    name: 'a port that is not there has none',
    query: ['_nope._tcp.db.shop.svc.cluster.local', 'SRV'],
    rcode: 'NXDOMAIN',
    answers: [],
  },
  { name: 'an external name is an alias', query: ['out.shop.svc.cluster.local', 'A'], answers: ['CNAME example.org'] },
  { name: 'a pod has a name by its address', query: ['10-1-2-3.shop.pod.cluster.local', 'A'], answers: ['A 10.1.2.3'] },
  {
    name: 'a Service address has a reverse name',
    query: ['1.1.96.10.in-addr.arpa', 'PTR'],
    answers: ['PTR web.shop.svc.cluster.local'],
  },
  {
    name: 'an endpoint has a reverse name even before it is ready',
    query: ['2.2.244.10.in-addr.arpa', 'PTR'],
    answers: ['PTR db-2.db.shop.svc.cluster.local'],
  },
  {
    name: 'a pod with a host name has a reverse name before any slice knows it',
    query: ['77.0.244.10.in-addr.arpa', 'PTR'],
    answers: ['PTR new.db.shop.svc.cluster.local'],
  },
  { name: 'an unknown address has none', query: ['9.9.9.9.in-addr.arpa', 'PTR'], rcode: 'NXDOMAIN', answers: [] },
  { name: 'names outside the cluster do not exist here', query: ['example.org', 'A'], rcode: 'NXDOMAIN', answers: [] },
];

for (const { name, query, rcode = 'NOERROR', answers } of cases) {
  test(name, () => {
    const result = ask(...query);
    assert.equal(result.rcode, rcode);
    assert.deepEqual(result.answers, answers);
  });
}

test('SRV answers bring the addresses along', () => {
  assert.deepEqual(ask('_http._tcp.web.shop.svc.cluster.local', 'SRV').extra, ['A 10.96.1.1']);
});

test('an answer too long for UDP is cut and comes whole over TCP', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    address: `10.244.3.${index}`,
    label: `m-${index}`,
    ready: true,
    ports,
  }));
  const large: ServiceDirectory = { ...directory, endpoints: () => many };
  const query = encode({ type: 'query', id: 7, questions: [{ type: 'A', name: 'db.shop.svc.cluster.local' }] });
  const cut = decode(answerQuery(query, large, domain, 'udp') ?? Buffer.alloc(0)) as {
    flag_tc?: boolean;
    answers?: unknown[];
  };
  assert.equal(cut.flag_tc, true);
  assert.equal(cut.answers?.length, 0);
  const whole = decode(answerQuery(query, large, domain, 'tcp') ?? Buffer.alloc(0));
  assert.equal(whole.answers?.length, 60);
});

test('bytes that are no query get no answer', () => {
  assert.equal(answerQuery(Buffer.from('nonsense'), directory, domain, 'udp'), undefined);
});
