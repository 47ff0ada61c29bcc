import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInStrategy } from '../builtin/built-in-strategy.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { ResourceRegistry } from '../registry/resource-registry.ts';
import { isObject } from '../value.ts';
import type { ObjectValue, Value } from '../value.ts';
import { fieldManagement } from './field-management.ts';

const kind = { group: '', version: 'v1', kind: 'Service' };

const services: ResourceInfo = {
  ...kind,
  plural: 'services',
  singular: 'service',
  listKind: 'ServiceList',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
  subresources: [{ name: 'status', kind: 'Service', verbs: ['get'] }],
  storage: { ...kind, plural: 'services' },
  custom: false,
  strategy: builtInStrategy(kind),
  deletion: { answersObject: false, orphansByDefault: false },
  selectableFieldNames: [],
  selectsNamespace: true,
};

const registry = new ResourceRegistry();
registry.add(services);
const management = fieldManagement(registry);

/** Applies a Service's labels and ports. */
function applied(live: ObjectValue | undefined, manager: string, parts: ObjectValue, force = false): ObjectValue {
  const { labels, ...spec } = parts;
  const object: ObjectValue = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
  if (labels !== undefined) object['metadata'] = { name: 's', labels };
  if (Object.keys(spec).length > 0) object['spec'] = spec;
  return management.apply({
    live: live === undefined ? undefined : structuredClone(live),
    body: Buffer.from(JSON.stringify(object)),
    resource: services,
    subresource: '',
    manager,
    force,
    fieldValidation: 'Strict',
    now: 0,
  }).object;
}

function at(object: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

function managersOf(object: ObjectValue): Record<string, Value | undefined> {
  const entries = at(object, 'metadata', 'managedFields');
  assert.ok(Array.isArray(entries));
  return Object.fromEntries(entries.filter(isObject).map((entry) => [String(entry['manager']), entry['fieldsV1']]));
}

const portNumbers = (object: ObjectValue): unknown[] => {
  const ports = at(object, 'spec', 'ports');
  return Array.isArray(ports) ? ports.filter(isObject).map((port) => port['port']) : [];
};

const ports = (...numbers: number[]): ObjectValue[] => numbers.map((port) => ({ name: `p${port}`, port }));

test('items of two managers merge by key, and each gives up only its own', () => {
  const first = applied(undefined, 'alpha', { ports: ports(80, 81) });
  const both = applied(first, 'beta', { ports: ports(90, 81) });
  assert.deepEqual(portNumbers(both), [80, 90, 81]);
  const left = applied(both, 'alpha', { ports: ports(80) });
  assert.deepEqual(portNumbers(left), [80, 90, 81]);
  assert.deepEqual(portNumbers(applied(left, 'beta', { ports: ports(90) })), [80, 90]);
});

test('a change of what another owns is a conflict that names it, unless forced', () => {
  const first = applied(undefined, 'alpha', { labels: { a: '1' } });
  assert.throws(() => applied(first, 'beta', { labels: { a: '2' } }), {
    message: 'Apply failed with 1 conflict: conflict with "alpha": .metadata.labels.a',
  });
  const forced = applied(first, 'beta', { labels: { a: '2' } }, true);
  assert.equal(at(forced, 'metadata', 'labels', 'a'), '2');
  assert.deepEqual(Object.keys(managersOf(forced)), ['beta']);
});

test('an equal value is owned by both and goes with the last owner', () => {
  const first = applied(undefined, 'alpha', { labels: { a: '1' } });
  const shared = applied(first, 'beta', { labels: { a: '1' } });
  const left = applied(shared, 'alpha', {});
  assert.equal(at(left, 'metadata', 'labels', 'a'), '1');
  assert.equal(at(applied(left, 'beta', {}), 'metadata', 'labels', 'a'), undefined);
});

test('an update takes over just what it changes', () => {
  const live = applied(undefined, 'alpha', { labels: { a: '1', b: '1' } });
  const object = structuredClone(live);
  object['metadata'] = { ...(isObject(object['metadata']) ? object['metadata'] : {}), labels: { a: '2', b: '1' } };
  management.track({ old: live, object, resource: services, subresource: '', manager: 'gamma', now: 0 });
  assert.deepEqual(managersOf(object), {
    alpha: { 'f:metadata': { 'f:labels': { 'f:b': {} } } },
    gamma: { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
  });
});

test('what does not fit the schema is told with its path', () => {
  assert.throws(() => applied(undefined, 'alpha', { port: 1 }), {
    message: /: \.spec\.port: field not declared in schema$/,
  });
  assert.throws(() => applied(undefined, 'alpha', { ports: [...ports(80), ...ports(80)] }), {
    message: /: \.spec\.ports: duplicate entries for key \[port=80,protocol="TCP"\]$/,
  });
});
