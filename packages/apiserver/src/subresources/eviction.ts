import type { DeleteOptions, WriteRequest } from '../operations/operations.ts';
import type { Core, Parts, SubresourceHandler } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { badRequest, conflict, methodNotAllowed, StatusError, statusError } from '../status-error.ts';
import { isObject, metadataOf, type ObjectValue } from '../value.ts';
import { budgetsOf, letsUnreadyGo, spendDisruption, tooManyRequests } from './disruption-budget.ts';
import { created } from './plain-status.ts';
import { isPodReady, setPodCondition } from './pod-condition.ts';
import { valueAt } from './scale-shape.ts';
import { admitSubresource, readSubresourceBody } from './subresource-body.ts';

interface Eviction {
  readonly core: Core;
  readonly pods: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  readonly options: DeleteOptions;
  readonly request: WriteRequest;
}

/** `pods/eviction`: a delete that asks the pod's disruption budget first (KEP-85). */
export function evictionHandler(core: Core, parts: () => Parts): SubresourceHandler {
  return async (context, pods) => {
    const { info, user, now, warn } = context;
    if (info.verb !== 'create') throw methodNotAllowed();
    // The former version of the kind is still taken.
    const version = /policy\/v1beta1/.test(Buffer.from(context.request.body ?? []).toString()) ? 'v1beta1' : 'v1';
    const body = readSubresourceBody(parts(), context, { group: 'policy', version, kind: 'Eviction' });
    const { object } = body;
    if (metadataOf(object)['name'] !== info.name)
      throw badRequest('name in URL does not match name in Eviction object');
    await admitSubresource(parts(), context, pods, 'eviction', body);
    const given = isObject(object['deleteOptions']) ? object['deleteOptions'] : {};
    const dryRun = body.options.dryRun || (Array.isArray(given['dryRun']) && given['dryRun'].length > 0);
    const request = { user, now, warn, dryRun, fieldManager: body.options.fieldManager, subresource: '' };
    const { namespace, name } = info;
    await evict({ core, pods, namespace, name, options: given as DeleteOptions, request });
    return created();
  };
}

async function evict(eviction: Eviction): Promise<void> {
  const { core, pods, namespace, name, request } = eviction;
  const pod = core.operations.get(pods, namespace, name);
  if (isUnguarded(pod)) return removePod(eviction, pod);
  const [budget, ...others] = budgetsOf(core, pod);
  if (others.length > 0) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw statusError(500, '', message);
  }
  if (budget === undefined) return removePod(eviction, undefined);
  if (isPodReady(pod) || !letsUnreadyGo(budget)) {
    await spendDisruption(core, budget, name, request.dryRun);
    return removePod(eviction, undefined);
  }
  return removeUnready(eviction, pod, String(metadataOf(budget)['name']));
}

/** Ended, pending and terminating pods are no loss to anybody. */
function isUnguarded(pod: ObjectValue): boolean {
  const phase = valueAt(pod, ['status', 'phase']);
  return phase !== 'Running' && phase !== 'Unknown' ? true : metadataOf(pod)['deletionTimestamp'] !== undefined;
}

/** If the pod became ready meanwhile, the client is asked to come again. */
async function removeUnready(eviction: Eviction, pod: ObjectValue, budget: string): Promise<void> {
  try {
    await removePod(eviction, pod);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== 'Conflict') throw error;
    if (eviction.options.preconditions?.resourceVersion !== undefined) throw error;
    throw tooManyRequests(`The disruption budget ${budget} is still being processed by the server.`, 10);
  }
}

/** Tells in the pod's status why it goes, then deletes it; only in the version of `seen`, if that is given. */
async function removePod(eviction: Eviction, seen: ObjectValue | undefined): Promise<void> {
  const { core, pods, namespace, name, options, request } = eviction;
  const { resourceVersion, ...preconditions } = options.preconditions ?? {};
  const isEnded = seen !== undefined && metadataOf(seen)['deletionTimestamp'] !== undefined;
  if (!request.dryRun && !isEnded) {
    const change = (current: ObjectValue | undefined): ObjectValue => {
      const pod = current ?? {};
      checkPreconditions(pod, { ...preconditions, resourceVersion: resourceVersion ?? seenVersion(seen) });
      setPodCondition(pod, evictedCondition, request.now);
      return pod;
    };
    const update = { ...request, subresource: 'status' };
    await core.operations.update(pods, namespace, name, change, update, { isPut: false, tracked: true });
  }
  await core.operations.remove(pods, namespace, name, { ...options, preconditions }, request);
}

const evictedCondition: ObjectValue = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
};

function seenVersion(seen: ObjectValue | undefined): string | undefined {
  const phase = seen === undefined ? undefined : valueAt(seen, ['status', 'phase']);
  if (seen === undefined || phase === 'Succeeded' || phase === 'Failed') return undefined;
  return String(metadataOf(seen)['resourceVersion']);
}

interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion: string | undefined;
}

function checkPreconditions(pod: ObjectValue, { uid, resourceVersion }: Preconditions): void {
  const { name, uid: ownUid, resourceVersion: ownVersion } = metadataOf(pod);
  const refuse = (detail: string): Error => conflict({ group: '', plural: 'Pod' }, String(name), detail);
  if (uid !== undefined && uid !== ownUid) {
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${String(ownUid)}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== ownVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${String(ownVersion)}). The object might have been modified`,
    );
  }
}
