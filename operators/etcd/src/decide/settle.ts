import type { Action, Task } from './action.ts';
import { duration, listing, silentMs, strangersOf, taskOn, votersOf } from './members.ts';
import { blocked, podObstacle, waitReason } from './obstacles.ts';
import type { ClusterView, MemberView, Policy, Rule } from './view.ts';

/** Nothing is changed on purpose while a voter is silent: one thing at a time. */
export const settle: Rule = (view, policy, nowMs) => {
  const silent = votersOf(view).filter(({ answers }) => !answers);
  const first = silent[0];
  if (first === undefined) return undefined;
  for (const voter of silent) {
    const obstacle = podObstacle(view, voter, policy, nowMs) ?? halted(view, voter, policy, nowMs);
    if (obstacle) return obstacle;
  }
  return waitFor(silent, taskOn(view, first, nowMs), policy, nowMs);
};

/** An update stops at the first member that does not come up with it. */
function halted(view: ClusterView, member: MemberView, policy: Policy, nowMs: number): Action | undefined {
  const others = view.members.some(({ outdated }) => outdated);
  const restarts = member.pod.state === 'absent' ? 0 : member.pod.restarts;
  if (!others || member.outdated || restarts === 0 || silentMs(member, nowMs) < policy.quorumGraceMs) return undefined;
  return blocked(
    'UpdateHalted',
    `The update has stopped at ${member.name}, which does not come up; the other members are as before`,
    `See kubectl logs ${member.name}, and take the change of the spec back.`,
  );
}

function waitFor(silent: readonly MemberView[], task: Task, policy: Policy, nowMs: number): Action {
  const names = listing(silent.map(({ name }) => name));
  const longest = Math.max(...silent.map((member) => silentMs(member, nowMs)));
  const fresh = longest < 30_000;
  const outlook =
    fresh || silent.length > 1 ? '' : `; after ${duration(policy.replaceAfterMs)} of silence it is replaced`;
  const since = fresh ? '' : ` (silent for ${duration(longest)}${outlook})`;
  const reason = `Waiting for ${names} to answer${since}`;
  const only = silent.length === 1 ? silent[0] : undefined;
  return { kind: 'Wait', task, soon: fresh, reason: only ? waitReason(only, reason) : reason };
}

/** What must be cleared up by a person before the membership is touched. */
export const surprises: Rule = (view) => {
  const { membership } = view;
  if (membership.state === 'unknown') return undefined;
  if (view.clusterID !== undefined && membership.clusterID !== view.clusterID) {
    return blocked(
      'ClusterIDMismatch',
      `The members answer as cluster ${membership.clusterID}, on record is ${view.clusterID}`,
      'Nothing is touched. Find out where the data comes from before anything else.',
    );
  }
  if (view.alarms.some(({ kind, memberID }) => kind === 'Corrupt' && /^0*$/.test(memberID))) {
    return blocked(
      'DataCorrupt',
      'The members disagree about the data and no majority says which one is wrong',
      'Nothing is touched. Compare etcdctl endpoint hashkv of all members, and remove the one that differs.',
    );
  }
  return undefined;
};

/** A member that someone added by hand is theirs: it counts, and nothing is resized beside it. */
export const strangers: Rule = (view) => {
  const stranger = strangersOf(view)[0];
  if (stranger === undefined) return undefined;
  return blocked(
    'UnknownMember',
    `etcd lists a member that this operator did not add: ${stranger.id} (${stranger.peerURLs.join(', ')})`,
    `Remove it with etcdctl member remove ${stranger.id}.`,
  );
};
