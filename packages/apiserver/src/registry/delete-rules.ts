import { beginDeletion } from '../crd/definition-deletion.ts';
import { timestamp } from '../operations/times.ts';
import { isObject, metadataOf } from '../value.ts';
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

const jobWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** The rules of a built-in resource. */
export function deleteRulesOf(group: string, plural: string): DeleteRules {
  const name = group === '' ? plural : `${plural}.${group}`;
  return {
    answersObject: answersObject.has(name),
    orphansByDefault: orphansByDefault.has(name),
    neverKeepsDependents: plural === 'events',
    ...(name === 'pods' ? { gracePeriod: podGracePeriod } : {}),
    ...(name === 'namespaces' ? { begin: terminateNamespace, isHeld: hasSpecFinalizers } : {}),
    ...(name === 'customresourcedefinitions.apiextensions.k8s.io' ? { begin: beginDeletion } : {}),
    ...(name === 'jobs.batch' ? { warning: jobWarning } : {}),
  };
}

/** Pods that never reached a node, or are done, need no grace: nobody would end it. */
function podGracePeriod(pod: ObjectValue, asked: number | undefined): number {
  const spec = isObject(pod['spec']) ? pod['spec'] : {};
  const status = isObject(pod['status']) ? pod['status'] : {};
  const isDone = status['phase'] === 'Failed' || status['phase'] === 'Succeeded';
  if (!spec['nodeName'] || isDone) return 0;
  const own = spec['terminationGracePeriodSeconds'];
  const period = asked ?? (typeof own === 'number' ? own : 0);
  return period < 0 ? 1 : period;
}

/** A namespace stays, terminating, until its controller has emptied and finalized it. */
function terminateNamespace(namespace: ObjectValue, now: number): void {
  metadataOf(namespace)['deletionTimestamp'] = timestamp(now);
  namespace['status'] = { ...(isObject(namespace['status']) ? namespace['status'] : {}), phase: 'Terminating' };
}

function hasSpecFinalizers(namespace: ObjectValue): boolean {
  const spec = namespace['spec'];
  const finalizers = isObject(spec) ? spec['finalizers'] : undefined;
  return Array.isArray(finalizers) && finalizers.length > 0;
}
