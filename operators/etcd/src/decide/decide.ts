import type { Action } from './action.ts';
import { bootstrap } from './bootstrap.ts';
import { grow, join } from './grow.ts';
import { learner } from './learner.ts';
import { leftovers, leftoversEnding } from './leftovers.ts';
import { listing, taskOn } from './members.ts';
import { quorumLost } from './quorum-lost.ts';
import { replace } from './replace.ts';
import { restore } from './restore.ts';
import { settle, strangers, surprises } from './settle.ts';
import { shrink } from './shrink.ts';
import { accept, roll, unaccepted } from './update.ts';
import { defaultPolicy, type ClusterView, type Policy, type Rule } from './view.ts';

const paused: Rule = (view) =>
  view.wanted.paused ? { kind: 'Paused', reason: 'Paused by spec.paused: nothing is changed or healed' } : undefined;

const authority: Rule = (view) =>
  view.authorityMissing === undefined
    ? undefined
    : {
        kind: 'Blocked',
        obstacle: 'AuthorityMissing',
        reason: `Secret ${view.authorityMissing} is missing, and with it the key that signs the members' certificates`,
        next: `Put the secret back, from a backup if need be; members run on with the certificates they have.`,
      };

const readiness: Rule = (view, _policy, nowMs) => {
  const unready = view.members.filter(({ role, pod }) => role === 'voter' && !(pod.state === 'running' && pod.ready));
  const first = unready[0];
  if (first === undefined) return undefined;
  const reason = `Waiting for ${listing(unready.map(({ name }) => name))} to be ready`;
  return { kind: 'Wait', task: taskOn(view, first, nowMs), soon: true, reason };
};

const storage: Rule = ({ claimsRefused }) =>
  claimsRefused === undefined
    ? undefined
    : {
        kind: 'Blocked',
        obstacle: 'StorageRefused',
        reason: `The members' claims can not become what spec.storage asks for: ${claimsRefused.replace(/\.$/, '')}`,
        next: 'Let the storage class allow volume expansion, or make a new cluster.',
      };

const expired: Rule = (view) => {
  const claim = view.retired.find(({ leftMs }) => leftMs <= 0);
  if (claim === undefined) return undefined;
  const reason = `Deleting claim ${claim.name}: its member left long ago`;
  return { kind: 'DeleteClaim', task: 'CleaningUp', claim: claim.name, uid: claim.uid, reason };
};

const idle: Rule = (view) => {
  const left = view.retired.map(({ leftMs }) => leftMs);
  const reason = view.wanted.size === 1 ? 'The one member is ready' : `All ${view.wanted.size} members are ready`;
  return { kind: 'Idle', reason, ...(left.length > 0 ? { recheckMs: Math.min(...left) } : {}) };
};

/** In order of weight: data first, then members, then what was asked for. */
const rules: readonly Rule[] = [
  paused,
  (view, policy, nowMs) => (view.clusterID === undefined ? accept(view, policy, nowMs) : undefined),
  bootstrap,
  surprises,
  quorumLost,
  leftovers,
  restore,
  replace,
  accept,
  settle,
  learner,
  strangers,
  join,
  grow,
  shrink,
  roll,
  expired,
  leftoversEnding,
  readiness,
  authority,
  storage,
  unaccepted,
  idle,
];

/** The one next action for a cluster, with its reason. Pure: the same view, policy and time give the same action. */
export function decide(view: ClusterView, policy: Policy = defaultPolicy, nowMs: number = 0): Action {
  for (const rule of rules) {
    const action = rule(view, policy, nowMs);
    if (action) return action;
  }
  return { kind: 'Idle', reason: 'Nothing is to do' };
}
