import { quorum } from '@reeve/stateful';
import type { Action } from './action.ts';
import { duration, listedOf, listing, lossOf, silentMs, votersOf } from './members.ts';
import { blocked, podObstacle } from './obstacles.ts';
import { replaceStuckPod, revivePod } from './restore.ts';
import type { ClusterView, MemberView, Rule } from './view.ts';

/**
 * No majority answers: nothing that exists is touched. Pods that are gone come back on their own disks, which is what
 * ends most outages; everything else waits for a person.
 */
export const quorumLost: Rule = (view, policy, nowMs) => {
  if (view.membership.state === 'known') return undefined;
  for (const member of listedOf(view)) {
    const action = revivePod(view, member, nowMs) ?? replaceStuckPod(view, member);
    if (action) return action;
  }
  const voters = votersOf(view);
  const lost = voters.filter((voter) => lossOf(voter) !== undefined);
  if (voters.length - lost.length < quorum(voters.length)) return lostForGood(view, lost);
  for (const voter of voters) {
    const obstacle = podObstacle(view, voter, policy, nowMs);
    if (obstacle) return obstacle;
  }
  const since = Math.max(0, ...voters.map((voter) => silentMs(voter, nowMs)));
  return since < policy.quorumGraceMs ? waitForMajority(voters) : stillLost(view, voters, since);
};

function waitForMajority(voters: readonly MemberView[]): Action {
  const silent = voters.filter(({ answers }) => !answers).map(({ name }) => name);
  const reason =
    silent.length === 0
      ? 'Waiting for the members to elect a leader'
      : `Waiting for ${listing(silent)} to answer: without ${silent.length === 1 ? 'it' : 'them'} there is no quorum`;
  return { kind: 'Wait', task: 'Healing', soon: true, reason };
}

function lostForGood(view: ClusterView, lost: readonly MemberView[]): Action {
  const reasons = lost.map((member) => `${member.name} (${lossOf(member)})`);
  return blocked(
    'QuorumLost',
    `${quorumSentence(votersOf(view))} and can not come back: the data of ${listing(reasons)} is lost`,
    'Nothing is touched. Put the lost claims back, or restore a backup into a new cluster.',
  );
}

function stillLost(view: ClusterView, voters: readonly MemberView[], since: number): Action {
  const silent = voters.filter(({ answers }) => !answers).map(describe);
  return blocked(
    'QuorumLost',
    `${quorumSentence(votersOf(view))} for ${duration(since)}: ${listing(silent)}`,
    'Nothing is touched. Bring the nodes and pods of the silent members back; their disks hold the data.',
  );
}

function quorumSentence(voters: readonly MemberView[]): string {
  const answering = voters.filter(({ answers }) => answers).length;
  return `The quorum is lost: ${answering} of ${voters.length} members answer, ${quorum(voters.length)} are needed`;
}

function describe({ name, pod }: MemberView): string {
  if (pod.state === 'absent') return `${name} has no pod`;
  if (pod.node === 'unknown' || pod.node === 'gone')
    return `the node of ${name} is ${pod.node === 'gone' ? 'gone' : 'not reporting'}`;
  return `${name} does not answer`;
}
