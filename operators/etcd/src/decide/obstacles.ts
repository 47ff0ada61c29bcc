import { isImageProblem, type PodProblem } from '@reeve/stateful';
import type { Action, Obstacle } from './action.ts';
import { isPastGrace } from './members.ts';
import type { ClusterView, MemberView, Policy } from './view.ts';

/** An action that says: a person must act, and how. */
export function blocked(obstacle: Obstacle, reason: string, next: string): Action {
  return { kind: 'Blocked', obstacle, reason, next };
}

/** What keeps a member's pod from starting, once it has lasted a while. */
export function podObstacle(view: ClusterView, member: MemberView, policy: Policy, nowMs: number): Action | undefined {
  const { pod } = member;
  if (pod.state === 'absent' || pod.problem === undefined || !isPastGrace(member, policy, nowMs)) return undefined;
  return problemAction(`Pod ${member.name}`, pod.problem, view);
}

/** The obstacle for a pod's problem, in the words of whoever found it. */
export function problemAction(subject: string, problem: PodProblem, view: ClusterView): Action {
  const said = plainly(problem.message);
  if (problem.reason === 'Unschedulable') {
    const back = view.wanted.size > 1 ? ', lower spec.clusterSize' : '';
    return blocked(
      'NoRoom',
      `${subject} finds no node: ${said}`,
      `Make room or add a node${back}, or change spec.resources or spec.podTemplate.`,
    );
  }
  if (isImageProblem(problem)) {
    return blocked(
      'ImageUnavailable',
      `${subject} can not get its image: ${said}`,
      'Set spec.version to a version that exists.',
    );
  }
  return blocked('CannotStart', `${subject} can not start: ${said}`, `See kubectl describe pod.`);
}

/** Nodes alternate between a failure and the pause before the next attempt; people want the failure. */
function plainly(message: string): string {
  const said = message.replace(/^Back-off pulling image "[^"]*": (ErrImagePull: )?/, '');
  return said.replace(/\.$/, '');
}
