import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { DeleteRules } from './resource-info.ts';

/** Kinds whose DELETE answers with the object. */
const answersObject = new Set([
  'pods',
  'services',
  'persistentvolumeclaims',
  'persistentvolumes',
  'serviceaccounts',
  'resourcequotas',
  'podtemplates',
  'storageclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'namespaces',
]);

const orphansByDefault = new Set(['jobs.batch', 'replicationcontrollers']);

/** The rules of a built-in resource. */
export function deleteRulesOf(group: string, plural: string): DeleteRules {
  const name = group === '' ? plural : `${plural}.${group}`;
  return {
    answersObject: answersObject.has(name),
    orphansByDefault: orphansByDefault.has(name),
    ...(name === 'pods' ? { gracePeriod: podGracePeriod } : {}),
  };
}

/** Pods that never reached a node, or are done, need no grace: nobody would end it. */
function podGracePeriod(pod: ObjectValue, asked: number | undefined): number {
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  const status = isObject(pod['status']) ? pod['status'] : {};
  const isDone = status['phase'] === 'Failed' || status['phase'] === 'Succeeded';
  if (!spec['nodeName'] || isDone) return 0;
  const own = spec['terminationGracePeriodSeconds'];
  return Math.max(0, asked ?? (typeof own === 'number' ? own : 30));
}
