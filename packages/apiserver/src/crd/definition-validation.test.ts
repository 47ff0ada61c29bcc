import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectValue } from '../value.ts';
import { validateDefinition } from './definition-validation.ts';

const version: ObjectValue = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object' } },
};

function definition(spec: ObjectValue = {}, names: ObjectValue = {}, status: ObjectValue = {}): ObjectValue {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', ...names },
      versions: [version],
      conversion: { strategy: 'None' },
      ...spec,
    },
    status: { storedVersions: ['v1'], ...status },
  };
}

const withSchema = (schema: ObjectValue, more: ObjectValue = {}): ObjectValue =>
  definition({ versions: [{ ...version, schema: { openAPIV3Schema: schema }, ...more }] });

const inSpec = (properties: ObjectValue): ObjectValue =>
  withSchema({ type: 'object', properties: { spec: { type: 'object', properties } } });

const at = 'spec.validation.openAPIV3Schema';

const cases: Readonly<Record<string, { readonly definition: ObjectValue; readonly errors: readonly string[] }>> = {
  'a small definition is fine': { definition: definition(), errors: [] },
  'its name is made of plural and group': {
    definition: definition({}, { plural: 'gadgets' }),
    errors: ['metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group'],
  },
  'one version is stored': {
    definition: definition({ versions: [version, { ...version, name: 'v2' }] }, {}, { storedVersions: ['v1', 'v2'] }),
    errors: ['spec.versions: Invalid value: must have exactly one version marked as storage version'],
  },
  'versions have different names': {
    definition: definition({ versions: [version, { ...version, storage: false }] }),
    errors: ['spec.versions: Invalid value: must contain unique version names'],
  },
  'stored versions are still there': {
    definition: definition({}, {}, { storedVersions: ['v1', 'v0'] }),
    errors: [
      'status.storedVersions[1]: Invalid value: "v0": missing from spec.versions; v0 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v0 and removes v0 from status.storedVersions',
    ],
  },
  'kind and list kind differ': {
    definition: definition({}, { listKind: 'Widget' }),
    errors: ['spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same'],
  },
  'defaults fit their schema': {
    definition: inSpec({ a: { type: 'integer', default: 'x' } }),
    errors: [
      `${at}.properties[spec].properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
  },
  'keys of list maps are required or defaulted scalars': {
    definition: inSpec({
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string' } } },
      },
    }),
    errors: [
      `${at}.properties[spec].properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  },
  'rules compile to a bool': {
    definition: withSchema({ type: 'object', 'x-kubernetes-validations': [{ rule: 'self.nope == 1' }, { rule: '1' }] }),
    errors: [
      `${at}.x-kubernetes-validations[0].rule: Invalid value: compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^`,
      `${at}.x-kubernetes-validations[1].rule: Invalid value: cel expression must evaluate to a bool`,
    ],
  },
  'rules may not be too dear': {
    definition: inSpec({
      a: {
        type: 'array',
        items: { type: 'string' },
        'x-kubernetes-validations': [{ rule: 'self.all(x, self.all(y, x == y))' }],
      },
    }),
    errors: [
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
      `${at}.properties[spec].properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${at}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
    ],
  },
};

/** Whole structures in messages would only blur what is tested. */
const withoutValue = (message: string): string => message.replace(/: (?:\[\{.*?\}\]|\{.*?\}): /, ': ');

const texts = (...args: Parameters<typeof validateDefinition>): string[] =>
  validateDefinition(...args).map(({ field, message }) => `${field}: ${withoutValue(message)}`);

for (const [title, each] of Object.entries(cases))
  test(title, () => assert.deepEqual(texts(each.definition), each.errors));

test('group and scope stay as they were established', () => {
  const established = { conditions: [{ type: 'Established', status: 'True' }] };
  const old = definition({}, {}, established);
  const changed = definition({ scope: 'Cluster' }, {}, established);
  assert.deepEqual(texts(changed, old), ['spec.scope: Invalid value: "Cluster": field is immutable']);
  assert.deepEqual(texts(changed, definition()), []);
});
