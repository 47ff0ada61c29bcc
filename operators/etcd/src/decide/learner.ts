import type { Action } from './action.ts';
import { duration, growTask, listedOf, sizeNow, votesOf } from './members.ts';
import { podObstacle, waitReason } from './obstacles.ts';
import type { ClusterView, MemberView, Policy, Rule } from './view.ts';

/** The one learner is promoted when it has caught up, or taken back when it is not wanted or never does. */
export const learner: Rule = (view, policy, nowMs) => {
  const joining = listedOf(view).find(({ role }) => role === 'learner');
  return joining && (takeBack(view, joining, policy, nowMs) ?? advance(view, joining, policy, nowMs));
};

function takeBack(view: ClusterView, joining: MemberView, policy: Policy, nowMs: number): Action | undefined {
  const { name: member, id, addedAt } = joining;
  if (id === undefined) return undefined;
  if (votesOf(view) >= sizeNow(view)) {
    const reason = `Removing ${member}: ${votesOf(view)} members are enough`;
    return { kind: 'RemoveMember', task: 'ScalingDown', member, id, reason };
  }
  const late = addedAt !== undefined && nowMs - addedAt >= policy.learnerTimeoutMs && !isHeldUpByOthers(joining);
  if (!late) return undefined;
  const task = growTask(view, nowMs);
  const reason = `Removing ${member}: it has not caught up within ${duration(policy.learnerTimeoutMs)}`;
  return { kind: 'RemoveMember', task, member, id, reason };
}

/** A new learner would wait for the same node or image. */
function isHeldUpByOthers({ pod }: MemberView): boolean {
  return pod.state === 'pending' && pod.problem !== undefined;
}

function advance(view: ClusterView, joining: MemberView, policy: Policy, nowMs: number): Action {
  const { name: member, id, answers, started } = joining;
  const task = growTask(view, nowMs);
  if (answers && started && id !== undefined) {
    return { kind: 'Promote', task, member, id, reason: `${member} has joined: giving it a vote` };
  }
  return (
    podObstacle(view, joining, policy, nowMs) ?? {
      kind: 'Wait',
      task,
      soon: true,
      reason: waitReason(joining, `Waiting for ${member} to start and catch up`),
    }
  );
}
