import { quorum } from '@reeve/stateful';
import type { Action } from './action.ts';
import { duration, listing, lossOf, silentMs, votersOf, votesOf } from './members.ts';
import { blocked } from './obstacles.ts';
import type { ClusterView, MemberView, Policy, Rule } from './view.ts';

const hourMs = 3_600_000;

/**
 * A dead member is removed first; a new identity joins afterwards. The other way round etcd refuses: no member may be
 * added while one is unreachable.
 */
export const replace: Rule = (view, policy, nowMs) => {
  for (const member of view.members) {
    const death = causeOfDeath(view, member, policy, nowMs);
    if (death !== undefined) return bury(view, member, death, policy, nowMs);
  }
  return undefined;
};

/** Why a listed member will not come back, or undefined while it may. Unknown is not dead: silence needs time. */
export function causeOfDeath(view: ClusterView, member: MemberView, policy: Policy, nowMs: number): string | undefined {
  if (member.role === 'unlisted' || member.id === undefined) return undefined;
  const loss = lossOf(member);
  if (loss !== undefined) return loss;
  if (view.alarms.some(({ kind, memberID }) => kind === 'Corrupt' && memberID === member.id)) {
    return 'its data differs from that of the others';
  }
  if (member.answers) return undefined;
  if (isTiedToLostNode(member)) return 'its disk is on a node that is gone';
  if (silentMs(member, nowMs) < policy.replaceAfterMs || isHeldUp(view, member)) return undefined;
  return `it has been silent for ${duration(silentMs(member, nowMs))}`;
}

function isTiedToLostNode({ pod }: MemberView): boolean {
  return pod.state === 'pending' && /volume node affinity/.test(pod.problem?.message ?? '');
}

/** Another member would have the same trouble, so replacing it would only lose a copy. */
function isHeldUp(view: ClusterView, member: MemberView): boolean {
  const { pod } = member;
  if (pod.state === 'pending') return true;
  return (
    !member.outdated && view.members.some(({ outdated }) => outdated) && pod.state === 'running' && pod.node === 'ready'
  );
}

function bury(view: ClusterView, member: MemberView, death: string, policy: Policy, nowMs: number): Action {
  const { name, id = '' } = member;
  if (member.role === 'voter') {
    const others = votersOf(view).filter((voter) => voter !== member);
    const silent = others.filter(({ answers }) => !answers).map(({ name: other }) => other);
    if (silent.length > 0) {
      const reason = `${name} is to be replaced (${death}), but not while ${listing(silent)} does not answer either`;
      return { kind: 'Wait', task: 'Healing', soon: true, reason };
    }
    if (others.length < quorum(votesOf(view))) return tooFew(name, death);
  }
  if (view.replacements.filter((time) => nowMs - time < hourMs).length >= policy.maxReplacements) {
    return tooMany(name, death, policy);
  }
  return {
    kind: 'RemoveMember',
    task: 'Healing',
    member: name,
    id,
    reason: `Removing ${name} for good, a new member takes its place: ${death}`,
  };
}

function tooFew(name: string, death: string): Action {
  return blocked(
    'QuorumLost',
    `${name} is lost (${death}) and the others are no majority without it`,
    'Nothing is touched. Put its claim back, or restore a backup into a new cluster.',
  );
}

function tooMany(name: string, death: string, policy: Policy): Action {
  return blocked(
    'TooManyReplacements',
    `${name} is to be replaced (${death}), but ${policy.maxReplacements} members were replaced within an hour`,
    `See kubectl logs ${name} and its node; the next replacement is tried when the hour is over.`,
  );
}
