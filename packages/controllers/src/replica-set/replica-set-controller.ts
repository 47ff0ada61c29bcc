import { formatTime, labelRequirements, matchesLabels } from '@reeve/api';
import { ReplicaSet } from '@reeve/api/apps/v1';
import type { ReplicaSetCondition } from '@reeve/api/apps/v1';
import { Pod } from '@reeve/api/core/v1';
import { ApiError, isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';
import { controller, keyOf, watch } from '@reeve/operator';
import type { Controller, ObjectKey, ReconcileContext, Reader } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { isSame } from '../canonical-json.ts';
import { controllerOf, controllerReference, podFromTemplate } from '../owned-pod.ts';
import { isActive } from '../pod-state.ts';
import { claim } from './claim-pods.ts';
import { byDeletionRank } from './deletion-rank.ts';
import { nextAvailability, replicaSetStatus } from './replica-set-status.ts';

/** At most this many pods are made or deleted in one pass; the next pass goes on. */
const BURST_MAX = 50;

type Context = ReconcileContext<ReplicaSet, Stored<ReplicaSet>>;

/** Keeps the number of pods that a ReplicaSet asks for. */
export function replicaSetController(): Controller {
  return controller(ReplicaSet, {
    name: 'replicaset',
    eventSource: legacySource('replicaset-controller'),
    concurrency: 5,
    owns: [Pod],
    watches: [
      watch(Pod, {
        map: (pod, { read }) => adopters(pod, read),
        when: ({ object }) => controllerOf(object) === undefined,
      }),
    ],
    permissions: [
      { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'patch'] },
      { apiGroups: ['apps'], resources: ['replicasets/status'], verbs: ['update'] },
    ],
    async reconcile(context) {
      const { obj, read, client, clock } = context;
      const namespace = obj.metadata.namespace ?? '';
      const owner = { resource: ReplicaSet, object: obj, selector: obj.spec?.selector };
      const pods = await claim(client, owner, { resource: Pod, objects: read.list(Pod, { namespace }) });
      const failure =
        obj.metadata.deletionTimestamp === undefined ? await scale(context, pods.filter(isActive)) : undefined;
      await writeStatus(context, pods, failure);
      if (failure) throw failure;
      const wait = nextAvailability(obj, pods, clock.now());
      return wait === undefined ? undefined : { requeueAfterMs: wait };
    },
  });
}

function adopters(pod: Stored<Pod>, read: Reader): readonly ObjectKey[] {
  return read
    .list(ReplicaSet, { namespace: pod.metadata.namespace ?? '' })
    .filter(({ spec }) => matchesLabels(labelRequirements(spec?.selector), pod.metadata.labels ?? {}))
    .map(keyOf);
}

/** Makes missing pods or deletes surplus ones; gives the error that stopped it, for the status. */
async function scale(context: Context, active: readonly Stored<Pod>[]): Promise<ApiError | undefined> {
  const difference = (context.obj.spec?.replicas ?? 1) - active.length;
  try {
    if (difference > 0) await create(context, Math.min(difference, BURST_MAX));
    if (difference < 0)
      await remove(context, active.toSorted(byDeletionRank).slice(0, Math.min(-difference, BURST_MAX)));
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

async function create({ obj, client, event }: Context, count: number): Promise<void> {
  const namespace = obj.metadata.namespace ?? '';
  const template = obj.spec?.template;
  if (!template) return;
  for (let made = 0; made < count; made++) {
    const pod = podFromTemplate(template, controllerReference(ReplicaSet, obj), namespace);
    try {
      const { metadata } = await client.of(Pod).in(namespace).create(pod);
      event({ reason: 'SuccessfulCreate', note: `Created pod: ${metadata.name}` });
    } catch (error) {
      event({ type: 'Warning', reason: 'FailedCreate', note: `Error creating: ${(error as Error).message}` });
      throw error;
    }
  }
}

async function remove({ client, event }: Context, pods: readonly Stored<Pod>[]): Promise<void> {
  for (const { metadata } of pods) {
    const { namespace = '', name, uid } = metadata;
    await client
      .of(Pod)
      .in(namespace)
      .delete(name, { preconditions: { uid } })
      .then(() => event({ reason: 'SuccessfulDelete', note: `Deleted pod: ${name}` }))
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

async function writeStatus(
  { obj, client, clock }: Context,
  pods: readonly Stored<Pod>[],
  failure: ApiError | undefined,
): Promise<void> {
  const others = (obj.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  const known = obj.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const conditions: ReplicaSetCondition[] = failure
    ? [
        ...others,
        {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: failure.message,
          lastTransitionTime: known?.lastTransitionTime ?? formatTime(clock.now()),
        },
      ]
    : [...others];
  const status = replicaSetStatus(obj, pods, conditions, clock.now());
  if (isSame(status, obj.status)) return;
  await client
    .of(ReplicaSet)
    .in(obj.metadata.namespace ?? '')
    .status.update(obj.metadata.name, { ...obj, status });
}
