import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInStrategy } from '../builtin/built-in-strategy.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { builtinResources } from '../registry/builtin-resources.ts';
import type { ObjectValue } from '../value.ts';
import { customSchemaName, customSchemas } from './custom-schema.ts';
import { groupVersionDocument } from './group-version-document.ts';
import { swaggerDocument } from './swagger.ts';

const builtin = builtinResources(builtInStrategy);

function widgets(schema: ObjectValue): ResourceInfo {
  const [template] = builtin.filter(({ plural }) => plural === 'configmaps');
  assert.ok(template !== undefined);
  return {
    ...template,
    group: 'shop.example.com',
    version: 'v1',
    kind: 'Widget',
    listKind: 'WidgetList',
    plural: 'widgets',
    custom: true,
    definition: { name: 'v1', schema: { openAPIV3Schema: schema } },
  };
}

test('a kind is published under its reversed group', () => {
  assert.equal(customSchemaName('shop.example.com', 'v1', 'Widget'), 'com.example.shop.v1.Widget');
});

test('int-or-string and embedded objects are spelled out, descriptions stay', () => {
  const schema = {
    type: 'object',
    description: 'A widget.',
    properties: {
      port: { 'x-kubernetes-int-or-string': true },
      pod: { type: 'object', 'x-kubernetes-embedded-resource': true, required: ['spec'] },
    },
  };
  const published = customSchemas(widgets(schema))['com.example.shop.v1.Widget'] as unknown as {
    description: string;
    properties: Record<string, { anyOf?: unknown; required?: string[]; properties?: object; type?: string }>;
  };
  assert.equal(published.description, 'A widget.');
  assert.deepEqual(published.properties['port']?.anyOf, [{ type: 'integer' }, { type: 'string' }]);
  assert.deepEqual(published.properties['pod']?.required, ['spec', 'kind', 'apiVersion']);
  assert.deepEqual(Object.keys(published.properties['pod']?.properties ?? {}), ['apiVersion', 'kind', 'metadata']);
  assert.equal(published.properties['kind']?.type, 'string');
});

test('the document of a group version refers to nothing that it does not hold', () => {
  const apps = groupVersionDocument(builtin.filter(({ group }) => group === 'apps'));
  const custom = groupVersionDocument([widgets({ type: 'object' })]);
  for (const document of [apps, custom]) {
    const text = JSON.stringify(document);
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)"/g)) assert.ok(name in schemas, name);
  }
  const patch = (apps['paths'] as Record<string, { patch?: { parameters: { name: string }[] } }>)[
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'
  ]?.patch;
  assert.ok(patch?.parameters.some(({ name }) => name === 'fieldValidation'));
});

test('the v2 document has definitions where v3 has schemas', () => {
  const swagger = swaggerDocument([groupVersionDocument(builtin.filter(({ group }) => group === 'policy'))]);
  const text = JSON.stringify(swagger);
  assert.ok(!text.includes('#/components/'));
  assert.ok(text.includes('"$ref":"#/definitions/io.k8s.api.policy.v1.PodDisruptionBudgetSpec"'));
});
