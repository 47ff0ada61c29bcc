import type { Action, Task } from './action.ts';
import { holdsWithout, listedOf, sizeNow, votersOf, votesOf } from './members.ts';
import type { ClusterView, MemberView, Rule } from './view.ts';

/** One member less: chosen once, its leadership handed over first, and only if the rest is a majority by itself. */
export const shrink: Rule = (view) => {
  const [have, want] = [listedOf(view).length, sizeNow(view)];
  const victim = have > want ? victimOf(view) : undefined;
  if (victim === undefined || victim.id === undefined) return undefined;
  const task: Task = view.wanted.memory && victim.outdated ? 'Updating' : 'ScalingDown';
  if (!holdsWithout(view, victim, votesOf(view) - 1)) {
    const reason = `${victim.name} can not leave yet: the others would be no majority`;
    return { kind: 'Wait', task, soon: true, reason };
  }
  const purpose =
    task === 'Updating' ? 'a member of the new spec has taken its place' : `${have} members, ${want} wanted`;
  return (
    handOver(view, victim, task) ?? {
      kind: 'RemoveMember',
      task,
      member: victim.name,
      id: victim.id,
      reason: `Removing ${victim.name}: ${purpose}`,
    }
  );
};

/** Moves the leadership away from a member that is about to stop; a planned move costs a tenth of an election. */
export function handOver(view: ClusterView, member: MemberView, task: Task): Action | undefined {
  if (!member.leader) return undefined;
  const heir = votersOf(view)
    .filter((voter) => voter !== member && voter.answers && voter.id !== undefined)
    .toSorted((a, b) => b.appliedIndex - a.appliedIndex || a.serial - b.serial)[0];
  if (heir?.id === undefined) return undefined;
  return {
    kind: 'MoveLeader',
    task,
    member: member.name,
    to: heir.name,
    id: heir.id,
    reason: `Moving the leadership from ${member.name} to ${heir.name} before ${member.name} stops`,
  };
}

function victimOf(view: ClusterView): MemberView | undefined {
  const candidates = votersOf(view);
  const leaving = view.last?.task === 'ScalingDown' ? view.last.member : undefined;
  const chosen = candidates.find(({ name }) => name === leaving);
  return chosen ?? candidates.toSorted((a, b) => compare(view, a, b))[0];
}

/** Who goes first: silent, of an old spec, not the leader, from the fullest zone, the newest. */
function compare(view: ClusterView, a: MemberView, b: MemberView): number {
  const ranks = (member: MemberView): readonly number[] => [
    member.answers ? 1 : 0,
    member.outdated ? 0 : 1,
    member.leader ? 1 : 0,
    -votersOf(view).filter(({ zone }) => zone === member.zone).length,
    -member.serial,
  ];
  const [left, right] = [ranks(a), ranks(b)];
  const index = left.findIndex((rank, at) => rank !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
