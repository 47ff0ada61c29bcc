import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Container, EnvVar, Pod } from '@reeve/api/core/v1';

import type { ObjectSource } from '../cache/object-source.ts';
import { buildEnvironment } from './environment.ts';
import { expandVariables } from './expand.ts';
import { serviceVariables } from './service-env.ts';

const known = new Map([
  ['A', '1'],
  ['B_C', 'two'],
]);

for (const [text, expected] of [
  ['plain', 'plain'],
  ['$(A)', '1'],
  ['x$(A)y$(B_C)z', 'x1ytwoz'],
  ['$(NOPE)', '$(NOPE)'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$1'],
  ['$A', '$A'],
  ['$(A', '$(A'],
] as const) {
  test(`the text ${text} becomes ${expected}`, () => assert.equal(expandVariables(text, known), expected));
}

const objects: ObjectSource = {
  configMap: async (_namespace, name) => (name === 'conf' ? { data: { one: '1', two: '2' } } : undefined),
  secret: async (_namespace, name) =>
    name === 'creds' ? { data: { password: Buffer.from('hunter2').toString('base64') } } : undefined,
  claim: async () => undefined,
  volume: async () => undefined,
};

const pod: Pod = {
  metadata: { name: 'p', namespace: 'n', uid: 'u', labels: { app: 'web' } },
  spec: { nodeName: 'node-1', serviceAccountName: 'robot', containers: [] },
};

async function build(env: readonly EnvVar[], container: Partial<Container> = {}): Promise<Record<string, string>> {
  const variables = await buildEnvironment({
    pod,
    podIP: '10.244.0.2',
    hostIP: '10.244.0.1',
    container: { name: 'c', ...container, env },
    imageEnv: { PATH: '/bin' },
    hostname: 'p',
    services: [],
    objects,
    capacity: { cpu: '4', memory: '8Gi' },
  });
  return Object.fromEntries(variables);
}

const field = (fieldPath: string): EnvVar => ({ name: 'X', valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, divisor?: string): EnvVar => ({
  name: 'X',
  valueFrom: { resourceFieldRef: { resource: name, ...(divisor === undefined ? {} : { divisor }) } },
});
const limited: Partial<Container> = {
  resources: { limits: { cpu: '1500m', memory: '100Mi' }, requests: { cpu: '250m' } },
};

for (const [name, entry, container, expected] of [
  ['the name', field('metadata.name'), {}, 'p'],
  ['a label', field("metadata.labels['app']"), {}, 'web'],
  ['a missing label', field("metadata.labels['none']"), {}, ''],
  ['the pod address', field('status.podIP'), {}, '10.244.0.2'],
  ['the node name', field('spec.nodeName'), {}, 'node-1'],
  ['the account', field('spec.serviceAccountName'), {}, 'robot'],
  ['a CPU limit, rounded up', resource('limits.cpu'), limited, '2'],
  ['a CPU limit in thousandths', resource('limits.cpu', '1m'), limited, '1500'],
  ['a memory limit in bytes', resource('limits.memory'), limited, '104857600'],
  ['a memory limit in mebibytes', resource('limits.memory', '1Mi'), limited, '100'],
  ['a CPU request', resource('requests.cpu', '1m'), limited, '250'],
  ['the capacity where there is no limit', resource('limits.cpu'), {}, '4'],
  ['a config map key', { name: 'X', valueFrom: { configMapKeyRef: { name: 'conf', key: 'two' } } }, {}, '2'],
  ['a secret key', { name: 'X', valueFrom: { secretKeyRef: { name: 'creds', key: 'password' } } }, {}, 'hunter2'],
  [
    'nothing for an optional key',
    { name: 'X', valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional: true } } },
    {},
    undefined,
  ],
] as const) {
  test(`a variable may take ${name}`, async () =>
    assert.equal((await build([entry as EnvVar], container)).X, expected));
}

test('envFrom comes before env, with its prefix, and env may refer to it', async () => {
  const env = await build(
    [
      { name: 'two', value: 'own' },
      { name: 'ALL', value: '$(P_one)-$(two)' },
    ],
    {
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'conf' } }, { configMapRef: { name: 'conf' } }],
    },
  );
  assert.deepEqual(env, { PATH: '/bin', HOSTNAME: 'p', P_one: '1', P_two: '2', one: '1', two: 'own', ALL: '1-own' });
});

for (const [name, entry, message] of [
  [
    'a missing secret',
    { name: 'X', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } },
    'secret "none" not found',
  ],
  [
    'a missing key',
    { name: 'X', valueFrom: { configMapKeyRef: { name: 'conf', key: 'k' } } },
    "couldn't find key k in ConfigMap n/conf",
  ],
] as const) {
  test(`${name} is told`, () => assert.rejects(build([entry]), { code: 'InvalidPod', message }));
}

test('Services of the namespace and the API server are named by variables', () => {
  const service = (namespace: string, name: string, clusterIP: string): Parameters<typeof serviceVariables>[0] => [
    { metadata: { namespace, name }, spec: { clusterIP, ports: [{ name: 'web', port: 80, protocol: 'TCP' }] } },
  ];
  const services = [
    ...service('n', 'my-db', '10.96.0.9'),
    ...service('other', 'x', '10.96.0.8'),
    ...service('default', 'kubernetes', '10.96.0.1'),
    ...service('n', 'headless', 'None'),
  ];
  const all = Object.fromEntries(serviceVariables(services, 'n', true));
  assert.equal(all['MY_DB_SERVICE_HOST'], '10.96.0.9');
  assert.equal(all['MY_DB_SERVICE_PORT_WEB'], '80');
  assert.equal(all['MY_DB_PORT'], 'tcp://10.96.0.9:80');
  assert.equal(all['KUBERNETES_SERVICE_HOST'], '10.96.0.1');
  assert.equal(all['X_SERVICE_HOST'], undefined);
  assert.equal(all['HEADLESS_SERVICE_HOST'], undefined);
  const without = Object.fromEntries(serviceVariables(services, 'n', false));
  assert.deepEqual([without['MY_DB_SERVICE_HOST'], without['KUBERNETES_SERVICE_HOST']], [undefined, '10.96.0.1']);
});
