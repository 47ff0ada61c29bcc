import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JSONSchemaProps } from '@reeve/api/apiextensions/v1';
import { z } from 'zod';
import { OperatorError } from '../operator-error.ts';
import { defineResource } from './define-resource.ts';
import type { ObjectOf, ResourceDefinitionOptions } from './resource-definition.ts';
import { conditions, embedded, immutable, intOrString, listMap, quantity, rules } from './schemas.ts';

const status = z.object({});

function specSchema(spec: z.ZodType): JSONSchemaProps | undefined {
  const definition = defineResource({ group: 'example.com', version: 'v1', kind: 'Thing', spec, status });
  return definition.crd().spec.versions[0]?.schema?.openAPIV3Schema?.properties?.['spec'];
}

const field = (schema: z.ZodType): JSONSchemaProps | undefined =>
  specSchema(z.object({ field: schema }))?.properties?.['field'];

const held: readonly { name: string; schema: z.ZodType; gives: JSONSchemaProps }[] = [
  { name: 'an integer without limits of its own', schema: z.int(), gives: { type: 'integer' } },
  { name: 'an integer with limits', schema: z.int().min(1).max(9), gives: { type: 'integer', minimum: 1, maximum: 9 } },
  {
    name: 'a positive number',
    schema: z.number().positive(),
    gives: { type: 'number', minimum: 0, exclusiveMinimum: true },
  },
  { name: 'a time, by its format alone', schema: z.iso.datetime(), gives: { type: 'string', format: 'date-time' } },
  { name: 'a pattern', schema: z.string().regex(/^v\d+$/), gives: { type: 'string', pattern: '^v\\d+$' } },
  { name: 'a prefix', schema: z.string().startsWith('a'), gives: { type: 'string', pattern: '^a.*' } },
  { name: 'an enum', schema: z.enum(['a', 'b']), gives: { type: 'string', enum: ['a', 'b'] } },
  {
    name: 'a union of literals, as an enum',
    schema: z.union([z.literal('a'), z.literal('b')]),
    gives: { type: 'string', enum: ['a', 'b'] },
  },
  {
    name: 'an integer or string',
    schema: intOrString(),
    gives: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
  },
  { name: 'a nullable string', schema: z.string().nullable(), gives: { type: 'string', nullable: true } },
  {
    name: 'a record',
    schema: z.record(z.string(), z.boolean()),
    gives: { type: 'object', additionalProperties: { type: 'boolean' } },
  },
  { name: 'anything', schema: z.unknown(), gives: { 'x-kubernetes-preserve-unknown-fields': true } },
  {
    name: 'a loose object',
    schema: z.looseObject({ a: z.string() }),
    gives: {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
  {
    name: 'a strict object, which pruning makes strict anyway',
    schema: z.strictObject({ a: z.string().optional() }),
    gives: { type: 'object', properties: { a: { type: 'string' } } },
  },
  {
    name: 'variants of an object',
    schema: z.discriminatedUnion('type', [
      z.object({ type: z.literal('s3'), bucket: z.string() }),
      z.object({ type: z.literal('directory'), path: z.string() }),
    ]),
    gives: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['s3', 'directory'] },
        bucket: { type: 'string' },
        path: { type: 'string' },
      },
      required: ['type'],
      oneOf: [
        { properties: { type: { enum: ['s3'] } }, required: ['type', 'bucket'] },
        { properties: { type: { enum: ['directory'] } }, required: ['type', 'path'] },
      ],
    },
  },
  {
    name: 'a list with keys',
    schema: listMap(z.object({ name: z.string() }), ['name']),
    gives: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    },
  },
  {
    name: 'a rule',
    schema: immutable(z.string(), 'cannot change'),
    gives: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'cannot change' }] },
  },
  {
    name: 'an embedded part',
    schema: embedded<{ nodeAffinity: unknown }>('An affinity.'),
    gives: { type: 'object', description: 'An affinity.', 'x-kubernetes-preserve-unknown-fields': true },
  },
  {
    name: 'defaults and descriptions',
    schema: z.boolean().default(true).describe('On.'),
    gives: { type: 'boolean', default: true, description: 'On.' },
  },
];

for (const { name, schema, gives } of held) {
  test(`a CRD holds ${name}`, () => {
    assert.deepEqual(field(schema), gives);
  });
}

const refused: readonly { name: string; schema: z.ZodType; says: RegExp }[] = [
  { name: 'refine', schema: z.string().refine((text) => text !== 'a'), says: /spec\.field: .*rules\(schema/ },
  { name: 'a transform', schema: z.string().transform((text) => text.length), says: /cannot change it/ },
  { name: 'trim', schema: z.string().trim(), says: /cannot change it/ },
  { name: 'a tuple', schema: z.tuple([z.string(), z.int()]), says: /no tuples/ },
  { name: 'a date', schema: z.date(), says: /iso\.datetime/ },
  { name: 'a union of string and object', schema: z.union([z.string(), z.object({ a: z.int() })]), says: /one type/ },
  { name: 'constrained keys', schema: z.record(z.string().min(3), z.string()), says: /keys of a record/ },
  { name: 'looking around in a pattern', schema: z.string().regex(/^(?!x)/), says: /RE2/ },
  { name: 'an ISO duration', schema: z.iso.duration(), says: /something else/ },
  { name: 'an unknown custom type', schema: z.custom<string>(), says: /embedded/ },
  { name: 'two patterns', schema: z.string().startsWith('a').endsWith('b'), says: /one pattern/ },
  {
    name: 'a list key that may be missing',
    schema: listMap(z.object({ a: z.string().optional() }), ['a']),
    says: /required/,
  },
  {
    name: 'a recursive type',
    schema: z.object({
      get self() {
        return z.array(z.object({ name: z.string(), again: z.lazy(() => z.string()) }));
      },
    }),
    says: /recursive/,
  },
  {
    name: 'variants that disagree',
    schema: z.union([z.object({ a: z.string() }), z.object({ a: z.int() })]),
    says: /spec\.field\.a: .*disagree/,
  },
];

for (const { name, schema, says } of refused) {
  test(`a CRD refuses ${name}, with the place and the way out`, () => {
    assert.throws(
      () => field(schema),
      (error) => error instanceof OperatorError && error.code === 'DefinitionInvalid' && says.test(error.message),
    );
  });
}

const Cluster = defineResource({
  group: 'example.com',
  version: 'v1alpha1',
  kind: 'Cluster',
  shortNames: ['cl'],
  categories: ['all'],
  spec: rules(z.object({ size: z.int().min(1).default(3), storage: z.object({ size: quantity() }).optional() }), [
    { rule: 'self.size % 2 == 1', message: 'size must be odd', fieldPath: '.size' },
  ]),
  status: z.object({ ready: z.int().default(0), selector: z.string().optional() }),
  scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.ready', labelSelectorPath: '.status.selector' },
  columns: [
    { name: 'Ready', jsonPath: '.status.ready', type: 'integer' },
    { name: 'Status', jsonPath: ".status.conditions[?(@.type=='Ready')].reason" },
    { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
  ],
});

test('a definition is a descriptor with the type of its schemas', () => {
  const object: ObjectOf<typeof Cluster> = {
    metadata: { name: 'a' },
    spec: { size: 3 },
    status: { ready: 1, observedGeneration: 2, conditions: [] },
  };
  assert.equal(object.spec.size, 3);
  const { group, version, kind, plural, namespaced } = Cluster;
  assert.deepEqual(
    { group, version, kind, plural, namespaced },
    { group: 'example.com', version: 'v1alpha1', kind: 'Cluster', plural: 'clusters', namespaced: true },
  );
});

test('a CRD has names, subresources, columns, rules and the status contract', () => {
  const { metadata, spec } = Cluster.crd();
  const version = spec.versions[0];
  assert.equal(metadata?.name, 'clusters.example.com');
  assert.deepEqual(spec.names, {
    plural: 'clusters',
    singular: 'cluster',
    kind: 'Cluster',
    listKind: 'ClusterList',
    shortNames: ['cl'],
    categories: ['all'],
  });
  assert.equal(version?.subresources?.scale?.specReplicasPath, '.spec.size');
  assert.equal(version?.additionalPrinterColumns?.[1]?.type, 'string');
  const properties = version?.schema?.openAPIV3Schema?.properties;
  assert.equal(properties?.['spec']?.['x-kubernetes-validations']?.[0]?.message, 'size must be odd');
  assert.deepEqual(Object.keys(properties?.['status']?.properties ?? {}), [
    'observedGeneration',
    'conditions',
    'ready',
    'selector',
  ]);
});

test('an object is checked against both schemas', () => {
  assert.deepEqual(Cluster.validate({ spec: { size: 1 } }), []);
  const found = Cluster.validate({ spec: { size: 0, storage: { size: 'big' } }, status: { ready: 'x' } });
  assert.deepEqual(
    found.map(({ path }) => path),
    ['spec.size', 'spec.storage.size', 'status.ready'],
  );
});

test('paths that lead nowhere and names that cannot be are refused', () => {
  const base = { group: 'example.com', version: 'v1', kind: 'Thing', spec: z.object({ size: z.int() }), status };
  const wrong: readonly ResourceDefinitionOptions<z.ZodType, z.ZodType>[] = [
    { ...base, columns: [{ name: 'X', jsonPath: '.status.nothing' }] },
    { ...base, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.x' } },
    { ...base, group: 'example' },
    { ...base, version: '1' },
    { ...base, kind: 'thing' },
    { ...base, plural: 'Things' },
    { ...base, spec: z.string() },
  ];
  for (const options of wrong) assert.throws(() => defineResource(options), OperatorError);
});

test('conditions can also be declared by hand', () => {
  const definition = defineResource({
    group: 'example.com',
    version: 'v1',
    kind: 'Thing',
    spec: z.object({}),
    status: z.object({ conditions: conditions().optional() }),
  });
  const schema = definition.crd().spec.versions[0]?.schema?.openAPIV3Schema?.properties?.['status'];
  assert.equal(schema?.properties?.['conditions']?.['x-kubernetes-list-type'], 'map');
});
