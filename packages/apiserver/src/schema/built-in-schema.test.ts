import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TypeSchema } from '../type-schema.ts';
import { builtInSchema } from './built-in-schema.ts';

function at(schema: TypeSchema | undefined, ...path: readonly string[]): TypeSchema {
  let current = schema;
  for (const step of path) {
    if (current?.type === 'map') current = (current.fields.get(step) ?? current.rest)?.();
    else if (current?.type === 'list') current = current.item;
  }
  assert.ok(current !== undefined);
  return current;
}

test('ports of a Service are keyed by port and protocol, which may be left out', () => {
  const ports = at(builtInSchema({ group: '', version: 'v1', kind: 'Service' }), 'spec', 'ports');
  assert.ok(ports.type === 'list' && ports.list === 'map');
  assert.deepEqual(ports.keys, ['port', 'protocol']);
  assert.equal(ports.keyDefaults['protocol'], 'TCP');
});

test('atomic maps, granular maps, sets and quantities are told apart', () => {
  const pod = builtInSchema({ group: '', version: 'v1', kind: 'Pod' });
  const nodeSelector = at(pod, 'spec', 'nodeSelector');
  assert.ok(nodeSelector.type === 'map' && nodeSelector.map === 'atomic');
  const labels = at(pod, 'metadata', 'labels');
  assert.ok(labels.type === 'map' && labels.map === 'granular');
  const finalizers = at(pod, 'metadata', 'finalizers');
  assert.ok(finalizers.type === 'list' && finalizers.list === 'set');
  const cpu = at(pod, 'spec', 'containers', '0', 'resources', 'limits', 'cpu');
  assert.ok(cpu.type === 'scalar' && cpu.scalar === 'quantity');
});

test('schemas that refer to themselves are no endless loop', () => {
  const definition = builtInSchema({ group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' });
  const props = at(
    definition,
    'spec',
    'versions',
    '0',
    'schema',
    'openAPIV3Schema',
    'properties',
    'a',
    'properties',
    'b',
  );
  assert.equal(props.type, 'map');
  assert.equal(builtInSchema({ group: 'x', version: 'v1', kind: 'None' }), undefined);
});
