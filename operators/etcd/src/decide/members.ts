import { quorum } from '@reeve/stateful';
import type { Task } from './action.ts';
import type { ClusterView, ListedMember, MemberView, Policy } from './view.ts';

/** Members that vote. */
export function votersOf(view: ClusterView): readonly MemberView[] {
  return view.members.filter(({ role }) => role === 'voter');
}

/** Members that etcd lists, learners included. */
export function listedOf(view: ClusterView): readonly MemberView[] {
  return view.members.filter(({ role }) => role !== 'unlisted');
}

/** Members that etcd lists and nobody here has on record. They count for the quorum. */
export function strangersOf(view: ClusterView): readonly ListedMember[] {
  if (view.membership.state === 'unknown') return [];
  return view.membership.members.filter(
    ({ id, peerURLs }) => !view.members.some((known) => known.id === id || peerURLs.includes(known.peerURL)),
  );
}

/** How many votes there are, strangers included. */
export function votesOf(view: ClusterView): number {
  return votersOf(view).length + strangersOf(view).filter(({ learner }) => !learner).length;
}

/** Whether the members that answer are a majority of `votes` without `member`. */
export function holdsWithout(view: ClusterView, member: MemberView, votes: number): boolean {
  const healthy = votersOf(view).filter((voter) => voter.answers && voter !== member).length;
  return healthy >= quorum(votes);
}

/** Why a member's data is gone for good, or undefined. The end of its log is read for what only etcd can see. */
export function lossOf(member: MemberView): string | undefined {
  if (member.disk.state === 'lost') return member.disk.why;
  if (member.answers || member.pod.state === 'absent' || !member.started) return undefined;
  return fatalWords.find(({ pattern }) => pattern.test(wordsOf(member)))?.why;
}

function wordsOf({ pod }: MemberView): string {
  return pod.state === 'absent' ? '' : (pod.lastWords ?? '');
}

// The last words of etcd when it must not go on with the disk it has (measured on 3.4 and 3.5).
const fatalWords: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /cannot fetch cluster info from peer urls/, why: 'its disk is empty' },
  { pattern: /permanently removed from the cluster/, why: 'etcd has removed it from the cluster' },
  { pattern: /tocommit\(\d+\) is out of range/, why: 'its disk is older than what it has acknowledged' },
];

/** How long a member has been silent. */
export function silentMs(member: MemberView, nowMs: number): number {
  return member.silentSince === undefined || member.answers ? 0 : nowMs - member.silentSince;
}

/** The size to reach for now: members in memory are updated by one more that comes before an old one goes. */
export function sizeNow(view: ClusterView): number {
  const { size, memory } = view.wanted;
  const surges = memory && votesOf(view) <= size && listedOf(view).some(({ outdated }) => outdated);
  return surges ? size + 1 : size;
}

/** `a, b and c`. */
export function listing(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'none') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `12 s`, `5 min`. */
export function duration(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** Whether a pod's trouble to start has lasted long enough to call a person. */
export function isPastGrace(member: MemberView, policy: Policy, nowMs: number): boolean {
  return silentMs(member, nowMs) >= policy.problemGraceMs;
}

const followUpMs = 60_000;

/** What to call work on a member: the task that has just touched it, or else healing. */
export function taskOn(view: ClusterView, { name, pod }: MemberView, nowMs: number): Task {
  const { last } = view;
  const isFollowUp = last?.member === name && nowMs - last.at < followUpMs;
  const hasFailed = pod.state !== 'absent' && pod.restarts > 0;
  return isFollowUp && !hasFailed && last.task !== 'CleaningUp' ? last.task : 'Healing';
}

const replacementMs = 2 * 60_000;

/** Why a member is added: to take the place of a lost one, of one of an earlier spec, or because more are wanted. */
export function growTask(view: ClusterView, nowMs: number): Task {
  if (sizeNow(view) > view.wanted.size) return 'Updating';
  return view.replacements.some((time) => nowMs - time < replacementMs) ? 'Healing' : 'ScalingUp';
}
