import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { semanticallyEqual } from '../builtin/equality.ts';
import { itemsOf, mapAt, maybeObject, objectAt, textAt } from '../builtin/object-path.ts';
import type { AdmissionAttributes } from '../parts.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, refused } from './plugin.ts';
import type { StoredObjects } from './stored-objects.ts';

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** What a pod's runtime costs and where it runs comes from its class. */
export function runtimeClass(stored: StoredObjects): AdmissionPlugin {
  return {
    name: 'RuntimeClass',
    mutate(attributes) {
      const spec = attributes.object?.['spec'];
      if (!creates(attributes, '', 'pods') || !isObject(spec)) return;
      const found = classOf(stored, attributes, spec);
      if (found === undefined) return;
      const overhead = maybeObject(objectAt(found, 'overhead'), 'podFixed');
      const given = mapAt(spec, 'overhead');
      if (overhead !== undefined) {
        if (Object.keys(given).length > 0 && !semanticallyEqual(overhead, given)) throw refused(attributes, mismatch);
        spec['overhead'] = { ...overhead };
      }
      setScheduling(attributes, spec, objectAt(found, 'scheduling'));
    },
    validate(attributes) {
      const spec = attributes.object?.['spec'];
      if (!creates(attributes, '', 'pods') || !isObject(spec)) return;
      const overhead = maybeObject(objectAt(classOf(stored, attributes, spec), 'overhead'), 'podFixed');
      if (overhead !== undefined) {
        if (!semanticallyEqual(overhead, spec['overhead'])) throw refused(attributes, mismatch);
      } else if (spec['overhead'] !== undefined) {
        const detail = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
        throw refused(attributes, detail);
      }
    },
  };
}

function classOf(stored: StoredObjects, attributes: AdmissionAttributes, spec: ObjectValue): ObjectValue | undefined {
  const name = textAt(spec, 'runtimeClassName');
  if (name === '') return undefined;
  const found = stored.find('runtimeclasses', name);
  if (found === undefined) throw refused(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

function setScheduling(attributes: AdmissionAttributes, spec: ObjectValue, scheduling: ObjectValue): void {
  const wanted = mapAt(scheduling, 'nodeSelector');
  const given = mapAt(spec, 'nodeSelector');
  for (const [key, value] of Object.entries(wanted)) {
    const own = given[key];
    if (own === undefined || own === value) continue;
    throw refused(
      attributes,
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
    );
  }
  if (Object.keys(wanted).length > 0) spec['nodeSelector'] = { ...given, ...wanted };
  const tolerations = itemsOf(spec, 'tolerations');
  const added = itemsOf(scheduling, 'tolerations').filter(
    (toleration) => !tolerations.some((own) => semanticallyEqual(own, toleration)),
  );
  if (added.length > 0) spec['tolerations'] = [...tolerations, ...structuredClone(added)];
}
