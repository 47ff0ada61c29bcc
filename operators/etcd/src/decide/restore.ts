import type { Action, Task } from './action.ts';
import { growTask, lossOf, taskOn } from './members.ts';
import type { ClusterView, MemberView, Rule } from './view.ts';

/** Members keep their pods: one that is gone comes back under the same name on the same disk. */
export const restore: Rule = (view, _policy, nowMs) => {
  const listed = view.members.filter(({ role }) => role !== 'unlisted');
  const votersFirst = listed.toSorted((a, b) => Number(b.role === 'voter') - Number(a.role === 'voter'));
  for (const member of votersFirst) {
    const action =
      revivePod(view, member, nowMs) ??
      replaceStuckPod(view, member) ??
      startFirst(member, growTask(view, nowMs)) ??
      mark(member, growTask(view, nowMs));
    if (action) return action;
  }
  return undefined;
};

/** Brings back the pod of a member that has run before; touches nothing that runs. */
export function revivePod(view: ClusterView, member: MemberView, nowMs: number): Action | undefined {
  const { name, pod, disk } = member;
  if (!member.started || lossOf(member) !== undefined) return undefined;
  if (pod.state === 'absent') {
    if (disk.state !== 'ready') return undefined;
    const task = taskOn(view, member, nowMs);
    const reason =
      task === 'Updating'
        ? `Starting ${name} with the changed spec`
        : `The pod of ${name} is gone: starting it again on its disk`;
    return { kind: 'CreatePod', task, member: name, first: false, reason };
  }
  if (pod.state === 'finished') {
    return {
      kind: 'DeletePod',
      task: 'Healing',
      member: name,
      uid: pod.uid,
      reason: `Pod ${name} has ended: making room for a new one`,
    };
  }
  return undefined;
}

/** Makes room for a pod of the accepted spec where one of an earlier spec does not come up. */
export function replaceStuckPod(view: ClusterView, member: MemberView): Action | undefined {
  const { name, pod } = member;
  if (pod.state === 'absent' || !isStuckInOldSpec(view, member)) return undefined;
  const reason = `Pod ${name} does not run and was made from an earlier spec`;
  return { kind: 'DeletePod', task: 'Healing', member: name, uid: pod.uid, reason };
}

/** A pod from a spec that was taken back, and that never came up; in memory only if nothing ran in it. */
function isStuckInOldSpec(view: ClusterView, { outdated, answers, pod }: MemberView): boolean {
  if (!outdated || answers || pod.state === 'absent' || pod.state === 'terminating' || pod.ready) return false;
  if (pod.state === 'pending') return pod.problem !== undefined;
  return !view.wanted.memory && pod.node === 'ready' && pod.restarts > 0;
}

function startFirst(member: MemberView, task: Task): Action | undefined {
  const { name, pod, disk } = member;
  if (member.started || pod.state !== 'absent') return undefined;
  if (disk.state === 'missing')
    return { kind: 'CreateClaim', task, member: name, reason: `Making the disk of ${name}` };
  if (disk.state === 'lost') return undefined;
  return {
    kind: 'CreatePod',
    task,
    member: name,
    first: true,
    reason: `Starting ${name}, which joins the cluster`,
  };
}

/**
 * The client Service sends to voters only, so the pod's label follows the role. A member that runs has data: from then
 * on its container may not start on an empty disk.
 */
function mark(
  { name, pod, role, labelledVoter, fenced, answers, started }: MemberView,
  task: Task,
): Action | undefined {
  const voter = role === 'voter';
  const needsFence = started && answers && !fenced;
  if (pod.state === 'absent' || pod.state === 'terminating' || (voter === labelledVoter && !needsFence))
    return undefined;
  const reason = needsFence ? `${name} has its data: it may not start without it again` : `${name} is a ${role} now`;
  return { kind: 'MarkPod', task, member: name, uid: pod.uid, voter, reason };
}
