import { isEtcdError } from '../etcd/etcd-error.ts';
import type { Endpoint } from '../etcd/admin.ts';
import { peerURLOf } from '../objects/flags.ts';
import { voices } from '../observe/survey.ts';
import { EtcdOperatorError } from '../operator-error.ts';
import { withRecord, type ActContext, type Outcome } from './context.ts';

const hourMs = 3_600_000;

/** Adds a member without a vote. Done before a crash counts as done. */
export async function addLearner(context: ActContext, member: string): Promise<Outcome> {
  const { admin, clock, facts } = context;
  const peerURL = peerURLOf(facts.identity, member);
  try {
    const { members } = await admin.addLearner(voice(context), peerURL);
    const id = members.find(({ peerURLs }) => peerURLs.includes(peerURL))?.id;
    return withRecord(context, member, {
      addedAt: new Date(clock.now()).toISOString(),
      role: 'Learner',
      ...(id ? { id } : {}),
    });
  } catch (error) {
    if (isEtcdError(error, 'PeerExists')) return {};
    throw error;
  }
}

export async function promote(context: ActContext, member: string, id: string): Promise<Outcome> {
  await context.admin.promote(voice(context), id);
  return withRecord(context, member, { role: 'Voter' });
}

/** Hands the leadership over; only the leader itself takes the call. */
export async function moveLeader({ admin, endpoints }: ActContext, from: string, id: string): Promise<Outcome> {
  const at = endpoints.get(from);
  if (at === undefined) throw new EtcdOperatorError('NoQuorum', `the leader ${from} can not be reached`);
  await admin.moveLeader(at, id);
  return {};
}

/** Removes a member through another one; a replacement is counted. */
export async function removeMember(
  context: ActContext,
  member: string,
  id: string,
  replaces: boolean,
): Promise<Outcome> {
  try {
    await context.admin.remove(voice(context, member), id);
  } catch (error) {
    if (!isEtcdError(error, 'MemberNotFound')) throw error;
  }
  return { ...withRecord(context, member, { role: 'Leaving' }), ...(replaces ? counted(context) : {}) };
}

function counted({ clock, view }: ActContext): Outcome {
  const now = clock.now();
  const recent = [...view.replacements.filter((time) => now - time < hourMs), now];
  return { replacements: recent.map((time) => new Date(time).toISOString()) };
}

/** The member to talk to: one that knows a leader, and never the one that is to go if there is another. */
function voice({ facts, endpoints }: ActContext, except?: string): Endpoint {
  const names = voices(facts.reports);
  const name = names.find((one) => one !== except) ?? names[0];
  const at = name === undefined ? undefined : endpoints.get(name);
  if (at === undefined) throw new EtcdOperatorError('NoQuorum', 'no member that knows a leader can be reached');
  return at;
}
