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
  return problemAction(`Pod ${member.name}`, pod.problem, view.wanted.size > 1 ? ', lower spec.clusterSize' : '');
}

/** Why a member is waited for: its pod's problem, or else `otherwise`. */
export function waitReason({ name, pod }: MemberView, otherwise: string): string {
  if (pod.state === 'absent' || pod.problem === undefined) return otherwise;
  const what =
    pod.problem.reason === 'Unschedulable' ? 'a node' : isImageProblem(pod.problem) ? 'its image' : 'its container';
  return `${name} waits for ${what}: ${plainly(pod.problem.message)}`;
}

/** The obstacle for a pod's problem, in the words of whoever found it. */
export function problemAction(subject: string, problem: PodProblem, orElse: string = ''): Action {
  const said = plainly(problem.message);
  if (problem.reason === 'Unschedulable') {
    return blocked(
      'NoRoom',
      `${subject} finds no node: ${said}`,
      `Make room or add a node${orElse}, or change spec.resources or spec.podTemplate.`,
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
