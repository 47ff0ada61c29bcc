import type { Action, Task } from './action.ts';
import type { MemberView, Rule } from './view.ts';

const task: Task = 'CleaningUp';

/** A member that etcd no longer lists: its pod goes, its claim is retired, its record is closed; in this order. */
export const leftovers: Rule = (view) => {
  if (view.membership.state === 'unknown') return undefined;
  for (const member of view.members) {
    const action = isRemoved(member) ? clear(member) : undefined;
    if (action) return action;
  }
  return undefined;
};

/** The last of the rules with patience: nothing else is to do, but a removed pod is still ending. */
export const leftoversEnding: Rule = (view) => {
  const ending = view.members.find(isRemoved);
  if (view.membership.state === 'unknown' || ending === undefined) return undefined;
  return { kind: 'Wait', task, soon: true, reason: `Waiting for pod ${ending.name} to end` };
};

function isRemoved({ role, id }: MemberView): boolean {
  return role === 'unlisted' && id !== undefined;
}

function clear({ name: member, pod, disk }: MemberView): Action | undefined {
  // On a node that no longer reports a pod ends when the node comes back; etcd has already shut the member out.
  const endsByItself = pod.state === 'terminating' && (pod.node === 'unknown' || pod.node === 'gone');
  if (pod.state === 'terminating' && !endsByItself) return undefined;
  if (pod.state !== 'absent' && !endsByItself) {
    return { kind: 'DeletePod', task, member, uid: pod.uid, reason: `${member} has left the cluster: ending its pod` };
  }
  if (disk.state === 'ready' && disk.uid !== undefined) {
    return {
      kind: 'RetireClaim',
      task,
      member,
      uid: disk.uid,
      reason: `${member} has left the cluster: keeping its disk aside`,
    };
  }
  return { kind: 'Forget', task, member, reason: `${member} has left the cluster` };
}
