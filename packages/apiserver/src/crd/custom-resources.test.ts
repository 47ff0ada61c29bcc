import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Clock, WireHandler } from '@reeve/api';
import { createApiServer, type ApiServer } from '../server.ts';
import type { ObjectValue } from '../value.ts';

/** Nothing here waits for time to pass. */
const clock: Clock = { now: () => Date.parse('2026-01-01T00:00:00Z'), schedule: () => () => {} };

let server: ApiServer;
let handler: WireHandler;

before(async () => {
  server = await createApiServer({
    clock,
    random: () => 0.5,
    tokens: [],
    admission: { serviceAccount: false },
    authorization: 'AlwaysAllow',
  });
  handler = server.as({ name: 'tester', groups: ['system:masters'] });
});
after(() => server.stop());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(method: string, path: string, body?: unknown, accept?: string): Promise<Answer> {
  const response = await handler({
    method,
    path,
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(accept === undefined ? {} : { accept }),
    },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as ObjectValue) : { text } };
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { size: { type: 'integer', default: 1 }, at: { type: 'string' } } },
      status: { type: 'object', properties: { ready: { type: 'integer' } } },
    },
  },
};
const version = { name: 'v1', served: true, storage: true, schema };

function definition(plural: string, versions: readonly ObjectValue[]): ObjectValue {
  const kind = plural.charAt(0).toUpperCase() + plural.slice(1, -1);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural, kind }, versions: [...versions] },
  };
}

/** Creates a definition and waits until its objects are served. */
async function define(plural: string, versions: readonly ObjectValue[]): Promise<void> {
  const { status, body } = await send('POST', definitions, definition(plural, versions));
  assert.equal(status, 201, JSON.stringify(body));
  await until(async () => (await send('GET', pathOf(plural))).status === 200);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  assert.fail('it did not come to be');
}

const pathOf = (plural: string, served = 'v1'): string => `/apis/example.com/${served}/namespaces/default/${plural}`;

const object = (kind: string, name: string, rest: ObjectValue = {}, served = 'v1'): ObjectValue => ({
  apiVersion: `example.com/${served}`,
  kind,
  metadata: { name },
  ...rest,
});

test('objects are served once their definition is established, with defaults and without unknown fields', async () => {
  await define('apples', [version]);
  const { status, body } = await send('POST', pathOf('apples'), object('Apple', 'a', { spec: { at: 'x', nope: 1 } }));
  assert.equal(status, 201);
  assert.deepEqual(body['spec'], { size: 1, at: 'x' });
  assert.equal((body['metadata'] as ObjectValue)['generation'], 1);
});

test('status is only written through its subresource, and makes no new generation', async () => {
  await define('berries', [{ ...version, subresources: { status: {} } }]);
  const kind = 'Berrie';
  const created = await send('POST', pathOf('berries'), object(kind, 'b', { spec: {}, status: { ready: 1 } }));
  assert.equal(created.body['status'], undefined);
  const changed = await send('PATCH', `${pathOf('berries')}/b/status`, { spec: { size: 9 }, status: { ready: 2 } });
  assert.deepEqual(changed.body['status'], { ready: 2 });
  assert.deepEqual(changed.body['spec'], { size: 1 });
  assert.equal((changed.body['metadata'] as ObjectValue)['generation'], 1);
  const next = await send('PATCH', `${pathOf('berries')}/b`, { spec: { size: 3 }, status: { ready: 5 } });
  assert.deepEqual(next.body['status'], { ready: 2 });
  assert.equal((next.body['metadata'] as ObjectValue)['generation'], 2);
});

test('an object is read in every served version, whichever it was written in', async () => {
  await define('cherries', [version, { ...version, name: 'v2', storage: false }]);
  await send('POST', pathOf('cherries'), object('Cherrie', 'c'));
  const { body } = await send('GET', `${pathOf('cherries', 'v2')}/c`);
  assert.equal(body['apiVersion'], 'example.com/v2');
});

test('a changed schema holds for what is written next', async () => {
  await define('dates', [version]);
  const strict = structuredClone(schema);
  Object.assign(strict.openAPIV3Schema.properties.spec.properties.size, { maximum: 5 });
  await send('PATCH', `${definitions}/dates.example.com`, { spec: { versions: [{ ...version, schema: strict }] } });
  await until(async () => {
    const tried = await send('POST', `${pathOf('dates')}?dryRun=All`, object('Date', 'd', { spec: { size: 6 } }));
    return tried.status === 422;
  });
});

test('printer columns make the table', async () => {
  const additionalPrinterColumns = [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }];
  await define('elders', [{ ...version, additionalPrinterColumns }]);
  await send('POST', pathOf('elders'), object('Elder', 'e', { spec: { size: 4 } }));
  const { body } = await send('GET', pathOf('elders'), undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  const table = body as {
    readonly columnDefinitions: readonly { readonly name: string }[];
    readonly rows: readonly { readonly cells: readonly unknown[] }[];
  };
  assert.deepEqual(
    table.columnDefinitions.map(({ name }) => name),
    ['Name', 'Size'],
  );
  assert.deepEqual(table.rows[0]?.cells, ['e', 4]);
});

test('selectable fields select', async () => {
  await define('figs', [{ ...version, selectableFields: [{ jsonPath: '.spec.at' }] }]);
  for (const [name, at] of Object.entries({ f: 'here', g: 'there' }))
    await send('POST', pathOf('figs'), object('Fig', name, { spec: { at } }));
  const { body } = await send('GET', `${pathOf('figs')}?fieldSelector=spec.at%3Dthere`);
  const names = (body['items'] as readonly ObjectValue[]).map(({ metadata }) => (metadata as ObjectValue)['name']);
  assert.deepEqual(names, ['g']);
  assert.equal((await send('GET', `${pathOf('figs')}?fieldSelector=spec.size%3D1`)).status, 400);
});

test('a definition goes once its objects are gone', async () => {
  await define('grapes', [version]);
  await send('POST', pathOf('grapes'), { ...object('Grape', 'g'), metadata: { name: 'g', finalizers: ['a/b'] } });
  await send('DELETE', `${definitions}/grapes.example.com`);
  await until(async () => {
    const { body } = await send('GET', `${pathOf('grapes')}/g`);
    return (body['metadata'] as ObjectValue)['deletionTimestamp'] !== undefined;
  });
  assert.equal((await send('POST', pathOf('grapes'), object('Grape', 'h'))).status, 403);
  await send('PATCH', `${pathOf('grapes')}/g`, { metadata: { finalizers: null } });
  await until(async () => (await send('GET', `${definitions}/grapes.example.com`)).status === 404);
  assert.equal((await send('GET', pathOf('grapes'))).status, 404);
});
