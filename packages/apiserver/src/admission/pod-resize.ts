import { addQuantities, compareQuantities, parseQuantity, quantityMilliValue, quantityValue } from '@reeve/api';
import type { Quantity } from '@reeve/api';
import { itemsOf, mapAt, objectAt, textAt } from '../builtin/object-path.ts';
import { StatusError } from '../status-error.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { refused, type AdmissionPlugin } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

const operatingSystem = 'kubernetes.io/os';

/** A bound pod is resized only within what its node has (KEP-1287). */
export function podResize(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'PodResizeValidator',
    validate(attributes) {
      const { operation, resource, subresource, object, old } = attributes;
      if (operation !== 'UPDATE' || resource.group !== '' || resource.plural !== 'pods') return;
      if (subresource !== 'resize' || object === undefined || old === undefined) return;
      const name = textAt(objectAt(object, 'spec'), 'nodeName');
      // The generation rises with the spec alone: what changes nothing is not checked.
      if (name === '' || metadataOf(object)['generation'] === metadataOf(old)['generation']) return;
      const node = stored.find('nodes', name);
      if (node === undefined) throw refused(attributes, `node ${JSON.stringify(name)} not found`);
      const system = mapAt(metadataOf(node), 'labels')[operatingSystem] ?? 'linux';
      if (system !== 'linux') {
        const detail = `pod resize is only supported on linux nodes, node ${JSON.stringify(name)} is ${JSON.stringify(system)}`;
        throw withCause(refused(attributes, detail), 'UnsupportedPlatform');
      }
      const problem = capacityProblem(object, mapAt(objectAt(node, 'status'), 'allocatable'));
      if (problem !== undefined) throw withCause(refused(attributes, problem), 'NodeCapacity');
    },
  };
}

function withCause({ status, headers }: StatusError, reason: string): StatusError {
  return new StatusError({ ...status, details: { ...status.details, causes: [{ reason }] } }, { headers });
}

function requested(pod: ObjectValue, resource: string): Quantity {
  const amounts = itemsOf(objectAt(pod, 'spec'), 'containers').map(
    (container) => mapAt(objectAt(container, 'resources'), 'requests')[resource] ?? '0',
  );
  return amounts.map(parseQuantity).reduce(addQuantities, parseQuantity('0'));
}

function capacityProblem(pod: ObjectValue, allocatable: Readonly<Record<string, string>>): string | undefined {
  const problems = (['cpu', 'memory'] as const).flatMap((resource) => {
    const [wanted, has] = [requested(pod, resource), parseQuantity(allocatable[resource] ?? '0')];
    if (compareQuantities(wanted, has) <= 0) return [];
    const unit = resource === 'cpu' ? quantityMilliValue : quantityValue;
    return [`${resource}, requested: ${unit(wanted)}, allocatable: ${unit(has)}`];
  });
  return problems.length === 0 ? undefined : `node didn't have enough allocatable resources: ${problems.join('; ')}`;
}
