import { Job } from '@reeve/api/batch/v1';
import { Pod } from '@reeve/api/core/v1';
import { isNotFound } from '@reeve/kube';
import type { Client, Stored } from '@reeve/kube';
import { controller } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { isSame } from '../canonical-json.ts';
import { controllerReference } from '../owned-pod.ts';
import { claim } from '../replica-set/claim-pods.ts';
import { decideJob, endCondition } from './job-decision.ts';
import type { JobDecision } from './job-decision.ts';
import { isTracked, jobPod, TRACKING } from './job-pod.ts';

const MANAGER = 'kubernetes.io/job-controller';

type Context = ReconcileContext<Job, Stored<Job>>;

/** Runs pods to completion. */
export function jobController(): Controller {
  return controller(Job, {
    name: 'job',
    eventSource: legacySource('job-controller'),
    concurrency: 5,
    owns: [Pod],
    permissions: [
      { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'patch'] },
      { apiGroups: ['batch'], resources: ['jobs/status'], verbs: ['update'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['delete'] },
    ],
    async reconcile(context) {
      const { obj, read, client, clock } = context;
      if ((obj.spec?.managedBy ?? MANAGER) !== MANAGER) return undefined;
      const owner = { resource: Job, object: obj, selector: obj.spec?.selector };
      const namespace = obj.metadata.namespace ?? '';
      const pods = await claim(client, owner, { resource: Pod, objects: read.list(Pod, { namespace }) });
      if (obj.metadata.deletionTimestamp !== undefined || endCondition(obj)) {
        for (const pod of pods.filter(isTracked)) await untrack(client, pod);
        return expire(context);
      }
      const decision = decideJob(obj, pods, clock.now());
      await carryOut(context, decision);
      return decision.requeueAfterMs === undefined ? undefined : { requeueAfterMs: decision.requeueAfterMs };
    },
  });
}

async function carryOut(context: Context, decision: JobDecision): Promise<void> {
  const { obj, client, event } = context;
  const { namespace = '', name } = obj.metadata;
  if (!isSame(decision.status, obj.status))
    await client
      .of(Job)
      .in(namespace)
      .status.update(name, { ...obj, status: decision.status });
  for (const input of decision.events) event(input);
  for (const pod of decision.deletes) await remove(context, pod);
  for (const pod of decision.untrack) await untrack(client, pod);
  for (const wanted of decision.creates) await create(context, wanted);
}

async function create({ obj, client, event }: Context, wanted: JobDecision['creates'][number]): Promise<void> {
  const pod = jobPod(obj, controllerReference(Job, obj), wanted);
  try {
    const { metadata } = await client
      .of(Pod)
      .in(obj.metadata.namespace ?? '')
      .create(pod);
    event({ reason: 'SuccessfulCreate', note: `Created pod: ${metadata.name}` });
  } catch (error) {
    event({ type: 'Warning', reason: 'FailedCreate', note: `Error creating: ${(error as Error).message}` });
    throw error;
  }
}

async function remove({ client, event }: Context, { metadata }: Stored<Pod>): Promise<void> {
  const { namespace = '', name, uid } = metadata;
  await client
    .of(Pod)
    .in(namespace)
    .delete(name, { preconditions: { uid } })
    .then(() => event({ reason: 'SuccessfulDelete', note: `Deleted pod: ${name}` }))
    .catch(ignoreGone);
}

/** Takes the tracking finalizer off a pod: it is counted, or nobody counts it any more. */
export async function untrack(client: Client, { metadata }: Stored<Pod>): Promise<void> {
  const { namespace = '', name, uid } = metadata;
  await client
    .of(Pod)
    .in(namespace)
    .patch(name, { strategic: { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [TRACKING] } } })
    .catch(ignoreGone);
}

/** Deletes a job that has ended, `ttlSecondsAfterFinished` later (KEP-592). */
async function expire({ obj, client, clock }: Context): Promise<{ readonly requeueAfterMs: number } | undefined> {
  const seconds = obj.spec?.ttlSecondsAfterFinished;
  const end = endCondition(obj)?.lastTransitionTime;
  if (seconds === undefined || end === undefined || obj.metadata.deletionTimestamp !== undefined) return undefined;
  const wait = Date.parse(end) + seconds * 1000 - clock.now();
  if (wait > 0) return { requeueAfterMs: wait };
  const { namespace = '', name, uid, resourceVersion } = obj.metadata;
  await client
    .of(Job)
    .in(namespace)
    .delete(name, { propagationPolicy: 'Foreground', preconditions: { uid, resourceVersion } })
    .catch(ignoreGone);
  return undefined;
}

function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
