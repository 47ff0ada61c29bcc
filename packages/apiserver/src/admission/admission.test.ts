import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { loopbackUser } from '../request/user.ts';
import { createApiServer, type ApiServer } from '../server.ts';

const clock: Clock = { now: () => 1_700_000_000_000, schedule: () => () => {} };
let server: ApiServer;
let send: WireHandler;
let round = 0;
let namespace: string;

interface Answer {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly body: {
    readonly message?: string;
    readonly reason?: string;
    readonly spec?: Record<string, unknown>;
    readonly status?: { readonly used?: Record<string, string> };
  };
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const bytes = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
  const response = await send({ method, path, headers, ...bytes });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const warnings = [response.headers['warning'] ?? []].flat();
  return { status: response.status, warnings, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

before(async () => {
  const admission = { serviceAccount: false };
  server = await createApiServer({ clock, random: () => 0.5, tokens: [], admission, authorization: 'AlwaysAllow' });
  send = server.as(loopbackUser);
});
after(() => server.stop());

/** A namespace of its own for each test. */
beforeEach(async () => {
  round += 1;
  namespace = `ns${round}`;
  await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
});

const core = (plural: string, name = ''): string =>
  `/api/v1/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
const pod = (name: string, spec: object = {}): object => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

async function label(labels: Readonly<Record<string, string>>): Promise<Answer> {
  return ask('PATCH', `/api/v1/namespaces/${namespace}`, { metadata: { labels } });
}

async function quota(hard: Readonly<Record<string, string>>, used: Readonly<Record<string, string>>): Promise<void> {
  await ask('POST', core('resourcequotas'), { metadata: { name: 'q' }, spec: { hard } });
  await ask('PATCH', `${core('resourcequotas', 'q')}/status`, { status: { hard, used } });
}

test('a pod is charged to the quota of its namespace, and the next one exceeds it', async () => {
  await quota({ pods: '1' }, { pods: '0' });
  assert.equal((await ask('POST', core('pods'), pod('a'))).status, 201);
  assert.deepEqual((await ask('GET', core('resourcequotas', 'q'))).body.status?.used, { pods: '1' });
  const { status, body } = await ask('POST', core('pods'), pod('b'));
  assert.equal(status, 403);
  assert.match(body.message ?? '', /exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1$/);
});

test('a dry run is held against the quota but not charged to it', async () => {
  await quota({ 'count/configmaps': '1' }, { 'count/configmaps': '0' });
  assert.equal((await ask('POST', `${core('configmaps')}?dryRun=All`, { metadata: { name: 'a' } })).status, 201);
  assert.deepEqual((await ask('GET', core('resourcequotas', 'q'))).body.status?.used, { 'count/configmaps': '0' });
});

test('a quota for the best effort does not count pods with requests', async () => {
  await ask('POST', core('resourcequotas'), {
    metadata: { name: 'q' },
    spec: { hard: { pods: '0' }, scopes: ['BestEffort'] },
  });
  await ask('PATCH', `${core('resourcequotas', 'q')}/status`, { status: { hard: { pods: '0' }, used: { pods: '0' } } });
  const resources = { requests: { cpu: '1' } };
  const spec = { containers: [{ name: 'c', image: 'i', resources }] };
  assert.equal((await ask('POST', core('pods'), pod('a', spec))).status, 201);
  assert.equal((await ask('POST', core('pods'), pod('b'))).status, 403);
});

test('what a quota counts must be said by every container', async () => {
  await quota({ 'limits.memory': '1Gi' }, { 'limits.memory': '0' });
  const { body } = await ask('POST', core('pods'), pod('a'));
  assert.match(body.message ?? '', /failed quota: q: must specify limits\.memory for: c$/);
});

test('an enforced standard refuses pods and only warns of templates', async () => {
  await label({ 'pod-security.kubernetes.io/enforce': 'baseline' });
  const refused = await ask('POST', core('pods'), pod('a', { hostNetwork: true }));
  assert.equal(refused.status, 403);
  assert.match(
    refused.body.message ?? '',
    /violates PodSecurity "baseline:latest": host namespaces \(hostNetwork=true\)$/,
  );
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'i' }], hostPID: true },
  };
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { status, warnings } = await ask('POST', path, { metadata: { name: 'd' }, spec });
  assert.equal(status, 201);
  assert.deepEqual(warnings, [
    '299 - "would violate PodSecurity \\"baseline:latest\\": host namespaces (hostPID=true)"',
  ]);
});

test('enforcing a standard warns of pods that are already there', async () => {
  await ask('POST', core('pods'), pod('a', { hostNetwork: true }));
  const { warnings } = await label({ 'pod-security.kubernetes.io/enforce': 'baseline' });
  assert.equal(warnings.length, 2);
  assert.match(warnings[1] ?? '', /a: host namespaces/);
});

test('a label that is no level is refused', async () => {
  const { status, body } = await label({ 'pod-security.kubernetes.io/enforce': 'nope' });
  assert.equal(status, 422);
  assert.match(body.message ?? '', /must be one of privileged, baseline, restricted/);
});

const registration = '/apis/admissionregistration.k8s.io/v1';

async function policy(spec: object, binding: object = {}): Promise<void> {
  const name = namespace;
  const match = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
  };
  const made = await ask('POST', `${registration}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: match, ...spec },
  });
  assert.equal(made.status, 201, made.body.message);
  const bound = await ask('POST', `${registration}/validatingadmissionpolicybindings`, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'], ...binding },
  });
  assert.equal(bound.status, 201, bound.body.message);
}

test('a bound policy denies with its own message and reason', async () => {
  await policy({
    variables: [{ name: 'keys', expression: 'has(object.data) ? object.data.map(k, k) : []' }],
    validations: [
      {
        expression: 'size(variables.keys) < 2',
        messageExpression: "'keys: ' + string(size(variables.keys))",
        reason: 'Forbidden',
      },
    ],
  });
  assert.equal((await ask('POST', core('configmaps'), { metadata: { name: 'a' }, data: { a: '1' } })).status, 201);
  const { status, body } = await ask('POST', core('configmaps'), { metadata: { name: 'b' }, data: { a: '', b: '' } });
  assert.equal(status, 403);
  assert.match(body.message ?? '', /denied request: keys: 2$/);
});

test('an expression that fails denies, unless failures are to be ignored', async () => {
  await policy({ validations: [{ expression: "object.data.nope == 'x'" }] });
  const { status, body } = await ask('POST', core('configmaps'), { metadata: { name: 'a' } });
  assert.equal(status, 422);
  assert.match(body.message ?? '', /resulted in error: no such key: data$/);
  await ask('PATCH', `${registration}/validatingadmissionpolicies/${namespace}`, { spec: { failurePolicy: 'Ignore' } });
  assert.equal((await ask('POST', core('configmaps'), { metadata: { name: 'a' } })).status, 201);
});

test('match conditions leave requests out, and warnings do not deny', async () => {
  await policy(
    {
      matchConditions: [{ name: 'm', expression: "object.metadata.name != 'free'" }],
      validations: [{ expression: 'false', message: 'careful' }],
    },
    { validationActions: ['Warn'] },
  );
  assert.deepEqual((await ask('POST', core('configmaps'), { metadata: { name: 'free' } })).warnings, []);
  const { status, warnings } = await ask('POST', core('configmaps'), { metadata: { name: 'a' } });
  assert.equal(status, 201);
  assert.match(warnings[0] ?? '', /careful/);
});

async function mutation(mutations: readonly object[], settings: object = {}): Promise<Answer> {
  const made = await ask('POST', `${registration}/mutatingadmissionpolicies`, {
    metadata: { name: namespace },
    spec: {
      reinvocationPolicy: 'Never',
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      mutations,
      ...settings,
    },
  });
  const binding = { metadata: { name: namespace }, spec: { policyName: namespace } };
  await ask('POST', `${registration}/mutatingadmissionpolicybindings`, binding);
  return made;
}

test('a mutation merges what it makes into the object by the keys of lists', async () => {
  const sidecar = "Object.spec.initContainers{name: 'mesh', image: 'mesh:1', restartPolicy: 'Always'}";
  const expression = `Object{spec: Object.spec{initContainers: [${sidecar}]}}`;
  const made = await mutation([{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }]);
  assert.equal(made.status, 201, made.body.message);
  const { body } = await ask('POST', core('pods'), pod('a', { initContainers: [{ name: 'own', image: 'i' }] }));
  const containers = body.spec?.['initContainers'] as readonly { readonly name: string }[];
  assert.deepEqual(
    containers.map(({ name }) => name),
    ['own', 'mesh'],
  );
});

test('a patch that does not apply refuses the request, unless failures are to be ignored', async () => {
  const expression = "[JSONPatch{op: 'replace', path: '/' + jsonpatch.escapeKey('a/b') + '/c', value: 'x'}]";
  await mutation([{ patchType: 'JSONPatch', jsonPatch: { expression } }]);
  assert.equal((await ask('POST', core('pods'), pod('a'))).status, 403);
  await ask('PATCH', `${registration}/mutatingadmissionpolicies/${namespace}`, { spec: { failurePolicy: 'Ignore' } });
  assert.equal((await ask('POST', core('pods'), pod('a'))).status, 201);
});

test('a mutation must make a part of the object', async () => {
  const { status, body } = await mutation([
    { patchType: 'ApplyConfiguration', applyConfiguration: { expression: '1' } },
  ]);
  assert.equal(status, 422);
  assert.match(body.message ?? '', /must evaluate to Object but got int$/);
});

test('a policy may ask what the user or a service account is allowed to do', async () => {
  const asked = "authorizer.group('').resource('pods').namespace('n').check('delete')";
  const account = "authorizer.serviceAccount('n', 'a').path('/x').check('get')";
  const own = 'authorizer.requestResource.check("frobnicate")';
  const expression = `${asked}.allowed() && ${account}.allowed() && !${own}.errored() && object.metadata.name != 'bad'`;
  await policy({ validations: [{ expression, message: 'no' }] });
  assert.equal((await ask('POST', core('configmaps'), { metadata: { name: 'good' } })).status, 201);
  assert.equal((await ask('POST', core('configmaps'), { metadata: { name: 'bad' } })).status, 422);
});
