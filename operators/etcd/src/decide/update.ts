import type { Action, Task } from './action.ts';
import { holdsWithout, votersOf, votesOf } from './members.ts';
import { blocked, problemAction } from './obstacles.ts';
import { handOver } from './shrink.ts';
import type { Change, ClusterView, MemberView, Rule } from './view.ts';

const task: Task = 'Updating';
// A restarted member this far behind the leader is still catching up.
const lagLimit = 1000;

/** A changed spec is tried in a pod of its own, and accepted only when that has run: nothing healthy is touched before. */
export const accept: Rule = (view) => {
  const { change, preflight } = view;
  if (preflight.state !== 'none' && preflight.fingerprint !== change?.fingerprint) {
    return { kind: 'EndPreflight', task, uid: preflight.uid, reason: 'The trial pod is no longer needed' };
  }
  if (change === undefined || change.refused !== undefined) return undefined;
  if (view.clusterID === undefined || preflight.state === 'passed') {
    return { kind: 'Accept', task, reason: `Taking over the changed spec: ${change.summary}` };
  }
  if (preflight.state !== 'none') return undefined;
  const reason = `Trying the changed spec in a pod of its own first: ${change.summary}`;
  return { kind: 'StartPreflight', task, fingerprint: change.fingerprint, reason };
};

/** Says why a wanted change is not taken over. */
export const unaccepted: Rule = (view) => {
  const { change, preflight } = view;
  if (change === undefined) return undefined;
  if (change.refused) return blocked('VersionRefused', change.refused.why, change.refused.next);
  return preflight.state === 'failed'
    ? trialFailed(view, change, preflight)
    : { kind: 'Wait', task, soon: true, reason: 'Waiting for the trial pod of the changed spec' };
};

function trialFailed(
  view: ClusterView,
  change: Change,
  failed: Extract<ClusterView['preflight'], { state: 'failed' }>,
): Action {
  const reasons = { NoRoom: 'Unschedulable', ImageUnavailable: 'ErrImagePull', CannotStart: 'CannotStart' } as const;
  const problem = { reason: reasons[failed.obstacle], message: failed.message };
  return problemAction(
    `The changed spec (${change.summary}) is not taken over: its trial pod ${view.name}-trial`,
    problem,
  );
}

/** Members whose pods were made from an earlier spec restart one by one: followers first, the leader last. */
export const roll: Rule = (view) => {
  if (view.wanted.memory || !votersOf(view).some(({ outdated }) => outdated)) return undefined;
  if (view.alarms.length > 0) {
    return blocked(
      'UpdateHalted',
      'The update waits while etcd has an alarm raised',
      'Clear it first: see etcdctl alarm list.',
    );
  }
  const unsettled = votersOf(view).find((voter) => !isSettled(view, voter));
  if (unsettled)
    return { kind: 'Wait', task, soon: true, reason: `Waiting for ${unsettled.name} to be ready and caught up` };
  const next = nextToRestart(view);
  return next && (handOver(view, next, task) ?? restart(view, next));
};

function isSettled(view: ClusterView, { answers, pod, appliedIndex }: MemberView): boolean {
  const newest = Math.max(...votersOf(view).map((voter) => voter.appliedIndex));
  return answers && pod.state === 'running' && pod.ready && newest - appliedIndex <= lagLimit;
}

function nextToRestart(view: ClusterView): MemberView | undefined {
  return votersOf(view)
    .filter(({ outdated }) => outdated)
    .toSorted((a, b) => Number(a.leader) - Number(b.leader) || a.serial - b.serial)[0];
}

function restart(view: ClusterView, target: MemberView): Action | undefined {
  const { name: member, pod } = target;
  const votes = votesOf(view);
  if (pod.state === 'absent') return undefined;
  const left = view.members.filter(({ outdated }) => outdated).length;
  const reason = `Restarting ${member} with the changed spec (${left} to go)`;
  // One or two members can't restart without a pause; the spec asks for it, and the data stays on its disks.
  if (votes > 2 && !holdsWithout(view, target, votes)) {
    return { kind: 'Wait', task, soon: true, reason: `${member} can not restart yet: the others would be no majority` };
  }
  const pause = votes <= 2 ? '; the cluster pauses meanwhile' : '';
  return { kind: 'DeletePod', task, member, uid: pod.uid, reason: `${reason}${pause}` };
}
