import { memberName } from '@reeve/stateful';
import type { Action } from './action.ts';
import { growTask, listedOf, sizeNow } from './members.ts';
import type { ClusterView, MemberView, Rule } from './view.ts';

/** A reserved member gets its disk and is added as a learner: it has no vote until it has caught up. */
export const join: Rule = (view, _policy, nowMs) => {
  const reserved = view.members.find(({ role, id }) => role === 'unlisted' && id === undefined);
  if (reserved === undefined) return undefined;
  return listedOf(view).length >= sizeNow(view) ? release(reserved) : enter(view, reserved, nowMs);
};

/** One more member, under a name that was never used. */
export const grow: Rule = (view, _policy, nowMs) => {
  const [have, want] = [listedOf(view).length, sizeNow(view)];
  if (have >= want) return undefined;
  const member = memberName(view.name, view.nextSerial);
  return {
    kind: 'Reserve',
    task: growTask(view, nowMs),
    member,
    serial: view.nextSerial,
    seed: false,
    reason: `Adding ${member}: ${have} of ${want} members`,
  };
};

function enter(view: ClusterView, { name: member, disk }: MemberView, nowMs: number): Action {
  const task = growTask(view, nowMs);
  if (disk.state === 'missing') return { kind: 'CreateClaim', task, member, reason: `Making the disk of ${member}` };
  if (disk.state === 'lost') return { kind: 'Forget', task, member, reason: `Giving ${member} up: ${disk.why}` };
  const [have, want] = [listedOf(view).length, sizeNow(view)];
  return { kind: 'AddLearner', task, member, reason: `Adding ${member} as a learner: ${have} of ${want} members` };
}

function release({ name: member, disk, pod }: MemberView): Action {
  const reason = `${member} is no longer wanted`;
  if (pod.state === 'terminating') return { kind: 'Wait', task: 'ScalingDown', soon: true, reason };
  if (pod.state !== 'absent') return { kind: 'DeletePod', task: 'ScalingDown', member, uid: pod.uid, reason };
  if (disk.state === 'ready' && disk.uid !== undefined) {
    return { kind: 'RetireClaim', task: 'ScalingDown', member, uid: disk.uid, reason };
  }
  return { kind: 'Forget', task: 'ScalingDown', member, reason };
}
