import { formatTime } from '@reeve/api';
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '@reeve/api/apps/v1';
import type { RolloutSpec } from './rollout.ts';
import { limitsOf } from './rollout.ts';

type Wanted = Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>;

/** A deployment with its ReplicaSets, newest template apart. */
export interface DeploymentState {
  readonly deployment: Deployment;
  readonly spec: RolloutSpec;
  readonly current: ReplicaSet | undefined;
  readonly all: readonly ReplicaSet[];
}

const total = (
  sets: readonly ReplicaSet[],
  of: (status: NonNullable<ReplicaSet['status']>) => number | undefined,
): number => sets.map(({ status }) => (status ? (of(status) ?? 0) : 0)).reduce((a, b) => a + b, 0);

/** Counters and conditions; counters of zero are left out, as the API shows them. */
export function deploymentStatus(state: DeploymentState, now: number): DeploymentStatus {
  const { deployment, all, current } = state;
  const available = total(all, (status) => status.availableReplicas);
  const replicas = total(all, (status) => status.replicas);
  const wanted = all.map(({ spec }) => spec?.replicas ?? 0).reduce((a, b) => a + b, 0);
  const counters = {
    replicas,
    updatedReplicas: current ? total([current], (status) => status.replicas) : 0,
    readyReplicas: total(all, (status) => status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  const collisionCount = deployment.status?.collisionCount;
  const conditions = deploymentConditions(state, available, now);
  return {
    observedGeneration: deployment.metadata?.generation ?? 0,
    ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)),
    terminatingReplicas: total(all, (status) => status.terminatingReplicas),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** Every pod is of the newest template, there are as many as wanted and all are available. */
export function isComplete({ deployment, current, all, spec }: DeploymentState): boolean {
  if (!current) return false;
  const others = all.filter((set) => set !== current);
  return (
    total([current], (status) => status.replicas) === spec.replicas &&
    total([current], (status) => status.availableReplicas) >= spec.replicas &&
    total(others, (status) => status.replicas) === 0 &&
    (current.status?.observedGeneration ?? 0) >= (current.metadata?.generation ?? 0) &&
    deployment.metadata?.deletionTimestamp === undefined
  );
}

function deploymentConditions(state: DeploymentState, available: number, now: number): readonly DeploymentCondition[] {
  const { deployment, spec, all } = state;
  const before = deployment.status?.conditions ?? [];
  const { unavailable } = limitsOf(spec);
  const isAvailable = available >= spec.replicas - unavailable;
  const failure = all.flatMap(({ status }) => status?.conditions ?? []).find(({ type }) => type === 'ReplicaFailure');
  const wanted: Wanted[] = [];
  const progress = progressCondition(state, before, now);
  wanted.push(
    isAvailable
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
  );
  if (progress) wanted.push(progress);
  if (failure)
    wanted.push({
      type: 'ReplicaFailure',
      status: 'True',
      reason: failure.reason ?? '',
      message: failure.message ?? '',
    });
  return wanted.map((condition) => {
    const timed = withTimes(condition, before, now);
    // Each progress gives the rollout its whole deadline again.
    return condition.reason === 'ReplicaSetUpdated' && hasMoved(state)
      ? { ...timed, lastUpdateTime: formatTime(now) }
      : timed;
  });
}

function withTimes(wanted: Wanted, before: readonly DeploymentCondition[], now: number): DeploymentCondition {
  const known = before.find(({ type }) => type === wanted.type);
  if (known && known.status === wanted.status && known.reason === wanted.reason && known.message === wanted.message)
    return known;
  const time = formatTime(now);
  return {
    ...wanted,
    lastUpdateTime: time,
    lastTransitionTime: (known?.status === wanted.status ? known.lastTransitionTime : undefined) ?? time,
  };
}

function progressCondition(
  state: DeploymentState,
  before: readonly DeploymentCondition[],
  now: number,
): Wanted | undefined {
  const { deployment, current, spec } = state;
  const known = before.find(({ type }) => type === 'Progressing');
  const name = current
    ? `ReplicaSet "${current.metadata?.name ?? ''}"`
    : `Deployment "${deployment.metadata?.name ?? ''}"`;
  const of = (status: 'True' | 'False' | 'Unknown', reason: string, message: string): Wanted => ({
    type: 'Progressing',
    status,
    reason,
    message,
  });
  if (spec.paused) {
    return known?.reason === 'ProgressDeadlineExceeded'
      ? known
      : of('Unknown', 'DeploymentPaused', 'Deployment is paused');
  }
  if (known?.reason === 'DeploymentPaused') return of('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  if (isComplete(state)) return of('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`);
  if (known?.reason === 'NewReplicaSetAvailable' && !isRollingOut(state)) return known;
  // A rollout that has just begun has its whole deadline before it, however long ago the last one ended.
  const deadline = known?.reason === 'NewReplicaSetAvailable' ? undefined : deadlineOf(deployment, known);
  if (deadline !== undefined && deadline <= now && !hasMoved(state))
    return of('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`);
  return of('True', 'ReplicaSetUpdated', `${name} is progressing.`);
}

/** A rollout is under way: there are pods of other templates, or too few of the newest. */
function isRollingOut({ current, all }: DeploymentState): boolean {
  return (
    all.some((set) => set !== current && (set.status?.replicas ?? 0) > 0) ||
    (current?.status?.replicas ?? 0) < (current?.spec?.replicas ?? 0)
  );
}

/** More pods updated, ready or available, or fewer old ones, than the last status told of: progress. */
function hasMoved(state: DeploymentState): boolean {
  const { status } = state.deployment;
  const updated = state.current ? total([state.current], ({ replicas }) => replicas) : 0;
  const old = total(state.all, ({ replicas }) => replicas) - updated;
  return (
    updated > (status?.updatedReplicas ?? 0) ||
    old < (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0) ||
    total(state.all, ({ readyReplicas }) => readyReplicas) > (status?.readyReplicas ?? 0) ||
    total(state.all, ({ availableReplicas }) => availableReplicas) > (status?.availableReplicas ?? 0)
  );
}

/** When the rollout counts as stuck, in milliseconds since the epoch. */
export function deadlineOf(deployment: Deployment, known: DeploymentCondition | undefined): number | undefined {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  if (seconds === undefined || seconds >= 2 ** 31 - 1 || known?.lastUpdateTime === undefined) return undefined;
  return known.reason === 'ProgressDeadlineExceeded' ? 0 : Date.parse(known.lastUpdateTime) + seconds * 1000;
}
