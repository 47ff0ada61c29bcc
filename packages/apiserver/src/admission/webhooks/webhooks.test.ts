import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { json } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { makeCertificates } from '../../http/certificates.ts';
import { loopbackUser } from '../../request/user.ts';
import { createApiServer, type ApiServer } from '../../server.ts';

/** Certificates must be valid now; nothing else here depends on time. */
const clock: Clock = { now: () => performance.timeOrigin + performance.now(), schedule: () => () => {} };

interface Review {
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly namespace: string;
    readonly userInfo: { readonly username: string };
    readonly object: { readonly metadata: { readonly name: string; readonly labels?: Record<string, string> } } | null;
  };
}

/** What the webhook answers, by its path. */
const answers: Readonly<Record<string, (review: Review) => object>> = {
  '/label': () => ({
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { by: 'webhook' } }])).toString(
      'base64',
    ),
    warnings: ['labelled'],
  }),
  '/judge': ({ request }) =>
    request.object?.metadata.labels?.['by'] === 'webhook' && request.object.metadata.name !== 'bad'
      ? { allowed: true }
      : { allowed: false, status: { message: `${request.operation} by ${request.userInfo.username}`, code: 403 } },
};

let server: ApiServer;
let send: WireHandler;
let hooks: Server;
let bundle: string;
let base: string;

before(async () => {
  const admission = { serviceAccount: false };
  server = await createApiServer({ clock, random: () => 0.5, tokens: [], admission, authorization: 'AlwaysAllow' });
  send = server.as(loopbackUser);
  const { ca, cert, key } = await makeCertificates(clock, ['127.0.0.1']);
  bundle = Buffer.from(ca).toString('base64');
  hooks = createServer({ cert, key }, (request, response) => {
    void json(request).then((body) => {
      const review = body as Review;
      const path = new URL(request.url ?? '', 'https://x').pathname;
      const answer = answers[path]?.(review) ?? { allowed: true };
      response.end(JSON.stringify({ ...review, response: { uid: review.request.uid, ...answer } }));
    });
  });
  await new Promise<void>((resolve) => {
    hooks.listen(0, '127.0.0.1', resolve);
  });
  base = `https://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
});
after(async () => {
  hooks.close();
  await server.stop();
});

interface Answer {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly body: { readonly message?: string; readonly metadata?: { readonly labels?: Record<string, string> } };
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const bytes = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
  const response = await send({ method, path, headers, ...bytes });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const warnings = [response.headers['warning'] ?? []].flat();
  return { status: response.status, warnings, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

const registration = '/apis/admissionregistration.k8s.io/v1';

async function register(
  kind: 'mutating' | 'validating',
  name: string,
  namespace: string,
  settings: object,
): Promise<void> {
  await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  const { status, body } = await ask('POST', `${registration}/${kind}webhookconfigurations`, {
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        ...settings,
      },
    ],
  });
  assert.equal(status, 201, body.message);
}

const create = (namespace: string, name: string): Promise<Answer> =>
  ask('POST', `/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name } });

test('a mutating webhook changes what a validating one then judges', async () => {
  await register('mutating', 'label', 'both', { clientConfig: { url: `${base}/label`, caBundle: bundle } });
  await register('validating', 'judge', 'both', { clientConfig: { url: `${base}/judge`, caBundle: bundle } });
  const made = await create('both', 'good');
  assert.equal(made.status, 201, made.body.message);
  assert.deepEqual(made.body.metadata?.labels, { by: 'webhook' });
  assert.deepEqual(made.warnings, ['299 - "labelled"']);
  const { status, body } = await create('both', 'bad');
  assert.equal(status, 403);
  assert.match(body.message ?? '', /^admission webhook "judge\.example\.com" denied the request: CREATE by system:/);
});

test('a webhook that cannot be trusted fails the request, unless failures are to be ignored', async () => {
  await register('validating', 'untrusted', 'strict', { clientConfig: { url: `${base}/judge` } });
  const { status, body } = await create('strict', 'a');
  assert.equal(status, 500);
  assert.match(body.message ?? '', /failed calling webhook "untrusted\.example\.com": failed to call webhook: /);
  const lax = { clientConfig: { url: `${base}/judge` }, failurePolicy: 'Ignore' };
  await register('validating', 'lax', 'lax', lax);
  assert.equal((await create('lax', 'a')).status, 201);
});

test('a webhook behind a Service without endpoints cannot be called', async () => {
  const service = { name: 'hook', namespace: 'served' };
  await register('validating', 'served', 'served', { clientConfig: { service } });
  const { status, body } = await create('served', 'a');
  assert.equal(status, 500);
  assert.match(body.message ?? '', /service "hook" not found/);
});
