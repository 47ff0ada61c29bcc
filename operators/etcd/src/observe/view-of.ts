import { isRetired, nextSerial, podState, retirementLeft } from '@reeve/stateful';
import { isInMemory } from '../api/spec.ts';
import type { MemberRecord, Operation } from '../api/status.ts';
import { planCertificates } from '../certificates.ts';
import { tasks } from '../decide/action.ts';
import type { Alarm, ClusterView, LastStep, MemberView, Membership, RetiredClaim, Role } from '../decide/view.ts';
import { containerName, labelKeys } from '../names.ts';
import { peerURLOf, startAnnotations } from '../objects/flags.ts';
import { podFingerprint } from '../objects/pod.ts';
import { acceptedOf, changeOf } from './change.ts';
import type { Facts } from './facts.ts';
import { preflightOf } from './preflight.ts';
import { diskOf } from './records.ts';

/** How long a retired claim is kept. */
export const retainMs: number = 24 * 3_600_000;

/** What `decide` sees: the facts, seen through the records. Pure. */
export function viewOf(facts: Facts, records: readonly MemberRecord[]): ClusterView {
  const { identity, status } = facts;
  const { name, spec } = identity;
  const plan = planCertificates(identity, facts.secretOf, facts.nowMs);
  return {
    name,
    wanted: { size: spec.clusterSize, memory: isInMemory(spec), paused: spec.paused === true },
    clusterID: status.clusterID,
    membership: membershipOf(facts),
    members: records.map((record) => memberView(facts, record)),
    nextSerial: nextSerial(name, status.nextSerial, [...facts.namesTaken, ...records.map((record) => record.name)]),
    replacements: (status.replacements ?? []).map((time) => Date.parse(time)),
    alarms: alarmsOf(facts),
    last: lastStep(status.operation),
    change: changeOf(facts, records),
    preflight: preflightOf(facts),
    retired: retiredOf(facts),
    claimsRefused: facts.claimsRefused,
    authorityMissing: plan.kind === 'authorityMissing' ? plan.secret : undefined,
  };
}

function lastStep(operation: Operation | undefined): LastStep | undefined {
  const task = tasks.find((known) => known === operation?.task);
  return task && { task, member: operation?.member, at: Date.parse(operation?.startedAt ?? '') };
}

function membershipOf({ list }: Facts): Membership {
  return list === undefined
    ? { state: 'unknown' }
    : { state: 'known', clusterID: list.clusterID, members: list.members };
}

const roles: Readonly<Record<MemberRecord['role'], Role>> = {
  Voter: 'voter',
  Learner: 'learner',
  Joining: 'unlisted',
  Leaving: 'unlisted',
};

function memberView(facts: Facts, record: MemberRecord): MemberView {
  const { name, serial, id, role, podUID, silentSince, addedAt } = record;
  const report = facts.reports.get(name);
  const pod = facts.pods.get(name);
  const wanted = podFingerprint(facts.identity, acceptedOf(facts), name);
  return {
    name,
    serial,
    peerURL: peerURLOf(facts.identity, name),
    id,
    role: roles[role],
    started: podUID !== undefined,
    disk: diskOf(facts, record),
    pod: podState(pod, facts.nodeOf, containerName),
    answers: report !== undefined,
    leader: report !== undefined && report.leader === report.id,
    appliedIndex: report?.appliedIndex ?? 0,
    silentSince: silentSince === undefined ? undefined : Date.parse(silentSince),
    addedAt: addedAt === undefined ? undefined : Date.parse(addedAt),
    outdated: pod !== undefined && pod.metadata?.annotations?.[labelKeys.fingerprint] !== wanted,
    labelledVoter: pod?.metadata?.labels?.[labelKeys.role] === 'voter',
    fenced: isFenced(facts, name, pod?.metadata?.annotations),
    zone: zoneOf(facts, pod?.spec?.nodeName),
  };
}

function isFenced({ identity }: Facts, member: string, annotations: Readonly<Record<string, string>> = {}): boolean {
  const fence = startAnnotations(identity, member, { kind: 'fenced' });
  return Object.entries(fence).every(([key, value]) => annotations[key] === value);
}

function zoneOf({ nodeOf }: Facts, node: string | undefined): string | undefined {
  return node === undefined ? undefined : (nodeOf(node)?.metadata?.labels?.['topology.kubernetes.io/zone'] ?? node);
}

/** Alarms stand in the replicated log, so that every member knows them; the union covers one that lags. */
function alarmsOf({ reports }: Facts): readonly Alarm[] {
  const alarms = new Map<string, Alarm>();
  for (const report of reports.values()) {
    for (const alarm of report.alarms) alarms.set(`${alarm.kind} ${alarm.memberID}`, alarm);
  }
  return [...alarms.values()];
}

function retiredOf({ claims, nowMs }: Facts): readonly RetiredClaim[] {
  return [...claims.values()].flatMap(({ metadata }) => {
    const leftMs = retirementLeft(metadata, retainMs, nowMs);
    if (leftMs === undefined || !isRetired(metadata) || metadata?.deletionTimestamp !== undefined) return [];
    return [{ name: metadata?.name ?? '', uid: metadata?.uid ?? '', leftMs }];
  });
}
