import { Deployment, ReplicaSet } from '@reeve/api/apps/v1';
import { Pod } from '@reeve/api/core/v1';
import type { PodTemplateSpec } from '@reeve/api/core/v1';
import { isAlreadyExists, isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';
import { cached, controller } from '@reeve/operator';
import type { Controller, ReconcileContext } from '@reeve/operator';
import { legacySource } from '../event-source.ts';
import { isSame } from '../canonical-json.ts';
import { controllerReference } from '../owned-pod.ts';
import { claim } from '../replica-set/claim-pods.ts';
import { deadlineOf, deploymentStatus, isComplete } from './deployment-status.ts';
import type { DeploymentState } from './deployment-status.ts';
import {
  beyondHistory,
  DESIRED_REPLICAS,
  inheritedAnnotations,
  MAX_REPLICAS,
  REVISION,
  revisionAnnotations,
  revisionOf,
} from './revision.ts';
import { limitsOf, proportionalStep, recreateStep, rollingStep } from './rollout.ts';
import type { RolloutSpec, Scales } from './rollout.ts';
import { comparable, HASH_LABEL, templateHash } from './template-hash.ts';

type Context = ReconcileContext<Deployment, Stored<Deployment>>;
type Sets = readonly Stored<ReplicaSet>[];

/** Rolls deployments out by scaling a ReplicaSet per template. */
export function deploymentController(): Controller {
  return controller(Deployment, {
    name: 'deployment',
    eventSource: legacySource('deployment-controller'),
    concurrency: 5,
    owns: [ReplicaSet],
    reads: [cached(Pod)],
    permissions: [
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['create', 'patch', 'delete'] },
      { apiGroups: ['apps'], resources: ['deployments/status'], verbs: ['update'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
    ],
    async reconcile(context) {
      const { obj, read, client } = context;
      const namespace = obj.metadata.namespace ?? '';
      const owner = { resource: Deployment, object: obj, selector: obj.spec?.selector };
      const sets = await claim(client, owner, { resource: ReplicaSet, objects: read.list(ReplicaSet, { namespace }) });
      const template = comparable(obj.spec?.template);
      const [current] = sets.filter((set) => comparable(set.spec?.template) === template).toSorted(byCreation);
      const old = sets.filter((set) => set !== current);
      if (obj.metadata.deletionTimestamp === undefined) await roll(context, current, old);
      return writeStatus(context, current, sets);
    },
  });
}

const byCreation = (a: Stored<ReplicaSet>, b: Stored<ReplicaSet>): number =>
  Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp);

function rolloutSpecOf({ spec }: Deployment): RolloutSpec {
  return {
    replicas: spec?.replicas ?? 1,
    strategy: spec?.strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
    maxSurge: spec?.strategy?.rollingUpdate?.maxSurge ?? '25%',
    maxUnavailable: spec?.strategy?.rollingUpdate?.maxUnavailable ?? '25%',
    paused: spec?.paused === true,
  };
}

/** One step: the newest ReplicaSet, its revision, or a change of sizes. The next event brings the next step. */
async function roll(context: Context, current: Stored<ReplicaSet> | undefined, old: Sets): Promise<void> {
  const { obj } = context;
  const spec = rolloutSpecOf(obj);
  const all = current ? [current, ...old] : old;
  const proportional = proportionalStep(spec, all.map(revisionOf));
  if (proportional && (spec.paused || all.filter((set) => (set.spec?.replicas ?? 0) > 0).length > 1 || !current)) {
    return scale(context, all, proportional);
  }
  if (spec.paused) return scaleOnly(context, current, spec);
  if (!current)
    return recreateIsWaiting(context, spec, old)
      ? scale(context, old, recreateStep(spec, NONE, old.map(revisionOf), true))
      : create(context, spec, old);
  await raiseRevision(context, current, old);
  const revisions = old.map(revisionOf);
  const scales =
    spec.strategy === 'Recreate'
      ? recreateStep(spec, revisionOf(current), revisions, hasPods(context, old))
      : rollingStep(spec, revisionOf(current), revisions);
  await scale(context, all, scales);
  await cleanUp(context, current, old);
}

const NONE = { name: '', replicas: 0, available: 0, created: 0, maxReplicas: undefined };

/** Recreate makes the new ReplicaSet only when the old pods are gone. */
function recreateIsWaiting(context: Context, spec: RolloutSpec, old: Sets): boolean {
  return spec.strategy === 'Recreate' && (old.some((set) => (set.spec?.replicas ?? 0) > 0) || hasPods(context, old));
}

function hasPods({ read }: Context, sets: Sets): boolean {
  return sets.some((set) =>
    read.ownedBy(Pod, set).some(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed'),
  );
}

async function scaleOnly(context: Context, current: Stored<ReplicaSet> | undefined, spec: RolloutSpec): Promise<void> {
  if (current && current.spec?.replicas !== spec.replicas)
    await scale(context, [current], new Map([[current.metadata.name, spec.replicas]]));
}

async function create(context: Context, spec: RolloutSpec, old: Sets): Promise<void> {
  const { obj, client, event } = context;
  const namespace = obj.metadata.namespace ?? '';
  const hash = templateHash(obj.spec?.template ?? {}, obj.status?.collisionCount ?? 0);
  const name = `${obj.metadata.name}-${hash}`;
  const template: PodTemplateSpec = withHash(obj.spec?.template ?? {}, hash);
  const replicas = rollingStep(spec, { ...NONE, name }, old.map(revisionOf)).get(name);
  const size = spec.strategy === 'Recreate' ? spec.replicas : (replicas ?? 0);
  const labels = template.metadata?.labels ?? {};
  const revision = revisionAnnotations(undefined, old) ?? {};
  const desired: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace,
      labels,
      annotations: { ...inheritedAnnotations(obj.metadata.annotations), ...sizeAnnotations(spec), ...revision },
      ownerReferences: [controllerReference(Deployment, obj)],
    },
    spec: {
      replicas: size,
      minReadySeconds: obj.spec?.minReadySeconds ?? 0,
      selector: { ...obj.spec?.selector, matchLabels: { ...obj.spec?.selector?.matchLabels, [HASH_LABEL]: hash } },
      template,
    },
  };
  try {
    await client.of(ReplicaSet).in(namespace).create(desired);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return countCollision(context, name);
  }
  if (size > 0) event({ reason: 'ScalingReplicaSet', note: `Scaled up replica set ${name} from 0 to ${size}` });
}

/** The name is taken by another template (or a stale cache): the next hash will differ. */
async function countCollision({ obj, client }: Context, name: string): Promise<void> {
  const namespace = obj.metadata.namespace ?? '';
  const taken = await client.of(ReplicaSet).in(namespace).find(name);
  const isOurs = taken?.metadata.ownerReferences?.some(({ uid }) => uid === obj.metadata.uid);
  if (isOurs && comparable(taken?.spec?.template) === comparable(obj.spec?.template)) return;
  const status = { ...obj.status, collisionCount: (obj.status?.collisionCount ?? 0) + 1 };
  await client
    .of(Deployment)
    .in(namespace)
    .status.update(obj.metadata.name, { ...obj, status });
}

function withHash(template: PodTemplateSpec, hash: string): PodTemplateSpec {
  return {
    ...template,
    metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [HASH_LABEL]: hash } },
  };
}

function sizeAnnotations(spec: RolloutSpec): Readonly<Record<string, string>> {
  const max = spec.replicas + limitsOf(spec).surge;
  return { [DESIRED_REPLICAS]: String(spec.replicas), [MAX_REPLICAS]: String(max) };
}

async function raiseRevision({ client }: Context, current: Stored<ReplicaSet>, old: Sets): Promise<void> {
  const annotations = revisionAnnotations(current, old);
  const { namespace = '', name } = current.metadata;
  if (annotations)
    await client
      .of(ReplicaSet)
      .in(namespace)
      .patch(name, { merge: { metadata: { annotations } } });
}

async function scale({ obj, client, event }: Context, sets: Sets, scales: Scales): Promise<void> {
  const annotations = sizeAnnotations(rolloutSpecOf(obj));
  for (const { metadata, spec } of sets) {
    const before = spec?.replicas ?? 1;
    const replicas = scales.get(metadata.name) ?? before;
    const isKnown = Object.entries(annotations).every(([key, value]) => metadata.annotations?.[key] === value);
    if (replicas === before && (isKnown || before === 0)) continue;
    await client
      .of(ReplicaSet)
      .in(metadata.namespace ?? '')
      .patch(metadata.name, { merge: { metadata: { annotations }, spec: { replicas } } });
    if (replicas !== before) {
      const direction = replicas > before ? 'up' : 'down';
      event({
        reason: 'ScalingReplicaSet',
        note: `Scaled ${direction} replica set ${metadata.name} from ${before} to ${replicas}`,
      });
    }
  }
}

async function cleanUp(context: Context, current: Stored<ReplicaSet>, old: Sets): Promise<void> {
  const { obj, client } = context;
  if (!isComplete({ deployment: obj, spec: rolloutSpecOf(obj), current, all: [current, ...old] })) return;
  for (const { metadata } of beyondHistory(old, obj.spec?.revisionHistoryLimit ?? 10)) {
    await client
      .of(ReplicaSet)
      .in(metadata.namespace ?? '')
      .delete(metadata.name, { preconditions: { uid: metadata.uid } })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

async function writeStatus(
  { obj, client, clock }: Context,
  current: Stored<ReplicaSet> | undefined,
  all: Sets,
): Promise<{ readonly requeueAfterMs: number } | undefined> {
  const state: DeploymentState = { deployment: obj, spec: rolloutSpecOf(obj), current, all };
  const status = deploymentStatus(state, clock.now());
  const revision = current?.metadata.annotations?.[REVISION];
  const isNewRevision = revision !== undefined && obj.metadata.annotations?.[REVISION] !== revision;
  if (isNewRevision || !isSame(status, obj.status)) {
    // The revision goes along with the status: an annotation written there leaves the generation alone.
    const annotations =
      revision === undefined ? obj.metadata.annotations : { ...obj.metadata.annotations, [REVISION]: revision };
    const metadata = { ...obj.metadata, ...(annotations ? { annotations } : {}) };
    await client
      .of(Deployment)
      .in(obj.metadata.namespace ?? '')
      .status.update(obj.metadata.name, { ...obj, metadata, status });
  }
  const deadline = deadlineOf(
    obj,
    status.conditions?.find(({ type }) => type === 'Progressing'),
  );
  const wait = (deadline ?? 0) - clock.now();
  return wait > 0 && !isComplete(state) ? { requeueAfterMs: wait } : undefined;
}
