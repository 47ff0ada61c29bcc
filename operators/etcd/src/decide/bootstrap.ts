import { memberName } from '@reeve/stateful';
import type { Action, Task } from './action.ts';
import { lossOf } from './members.ts';
import { podObstacle, waitReason } from './obstacles.ts';
import type { ClusterView, MemberView, Policy, Rule } from './view.ts';

const task: Task = 'Creating';

/** Until the cluster's ID is on record there is one member, the seed, and only it may say `new`. */
export const bootstrap: Rule = (view, policy, nowMs) => {
  if (view.clusterID !== undefined) return undefined;
  const seed = view.members[0];
  if (seed === undefined) return reserveSeed(view);
  const loss = lossOf(seed);
  return loss === undefined ? raise(view, seed, policy, nowMs) : discard(seed, loss);
};

function reserveSeed(view: ClusterView): Action {
  const member = memberName(view.name, view.nextSerial);
  return {
    kind: 'Reserve',
    task,
    member,
    serial: view.nextSerial,
    seed: true,
    reason: `Starting the cluster with ${member}`,
  };
}

function raise(view: ClusterView, seed: MemberView, policy: Policy, nowMs: number): Action {
  const member = seed.name;
  if (seed.disk.state === 'missing')
    return { kind: 'CreateClaim', task, member, reason: `Making the disk of ${member}` };
  const { pod } = seed;
  if (pod.state === 'absent') {
    return { kind: 'CreatePod', task, member, first: !seed.started, reason: `Starting ${member} as the first member` };
  }
  if (pod.state === 'finished')
    return { kind: 'DeletePod', task, member, uid: pod.uid, reason: `Pod ${member} has ended` };
  if (pod.state === 'pending' && seed.outdated) {
    return { kind: 'DeletePod', task, member, uid: pod.uid, reason: `Pod ${member} was made from an earlier spec` };
  }
  if (seed.answers && view.membership.state === 'known') {
    const { clusterID } = view.membership;
    return { kind: 'Latch', task, member, clusterID, reason: `${member} has started cluster ${clusterID}` };
  }
  return (
    podObstacle(view, seed, policy, nowMs) ?? {
      kind: 'Wait',
      task,
      soon: true,
      reason: waitReason(seed, `Waiting for ${member} to start`),
    }
  );
}

/**
 * A seed that lost its disk before the cluster existed is given up: another takes its place under a new name. The disk
 * is set aside first, which is what remembers the loss once the pod that told of it is gone.
 */
function discard(seed: MemberView, loss: string): Action {
  const { name: member, pod, disk } = seed;
  const reason = `Giving up ${member}, the first member: ${loss}`;
  if (disk.state === 'ready' && disk.uid !== undefined) {
    return { kind: 'RetireClaim', task, member, uid: disk.uid, reason };
  }
  if (pod.state === 'terminating') return { kind: 'Wait', task, soon: true, reason };
  if (pod.state !== 'absent') return { kind: 'DeletePod', task, member, uid: pod.uid, reason };
  return { kind: 'Forget', task, member, reason };
}
