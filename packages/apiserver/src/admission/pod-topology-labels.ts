import { isObject, metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { ensureObject, mapAt, objectAt, textAt } from '../builtin/object-path.ts';
import type { AdmissionPlugin } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'] as const;

/** A bound pod carries the zone and region of its node (KEP-4742). */
export function podTopologyLabels(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'PodTopologyLabels',
    mutate({ operation, resource, subresource, object }) {
      if (resource.group !== '' || operation !== 'CREATE' || object === undefined) return;
      const node = boundNode(resource.plural, subresource, object);
      const found = node === '' ? undefined : stored.find('nodes', node);
      if (found === undefined) return;
      const labels = mapAt(metadataOf(found), 'labels');
      for (const key of copied) {
        const value = labels[key];
        if (value !== undefined) ensureObject(metadataOf(object), 'labels')[key] = value;
      }
    },
  };
}

function boundNode(plural: string, subresource: string, object: ObjectValue): string {
  if (plural === 'bindings' || (plural === 'pods' && subresource === 'binding')) {
    const target = objectAt(object, 'target');
    return target['kind'] === 'Node' ? textAt(target, 'name') : '';
  }
  const spec = object['spec'];
  return plural === 'pods' && subresource === '' && isObject(spec) ? textAt(spec, 'nodeName') : '';
}
