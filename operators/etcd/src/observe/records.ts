import type { PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import { diskState, isRetired } from '@reeve/stateful';
import { isInMemory } from '../api/spec.ts';
import type { MemberRecord } from '../api/status.ts';
import type { MemberInfo } from '../etcd/admin.ts';
import { peerURLOf } from '../objects/flags.ts';
import type { Facts } from './facts.ts';

/** The record of every member, brought up to date with what was seen. What was recorded of a disk is never replaced. */
export function refreshRecords(facts: Facts): readonly MemberRecord[] {
  return (facts.status.members ?? []).map((record) => refresh(facts, record));
}

function refresh(facts: Facts, record: MemberRecord): MemberRecord {
  const { name } = record;
  const listed = facts.list?.members.find(
    ({ id, peerURLs }) => id === record.id || peerURLs.includes(peerURLOf(facts.identity, name)),
  );
  const report = facts.reports.get(name);
  const role = roleOf(facts, record, listed);
  const ready = report !== undefined && role === 'Voter' && isReady(facts, name);
  return {
    name,
    serial: record.serial,
    ...given('id', record.id ?? listed?.id),
    role,
    ready,
    ...given('version', report?.version ?? record.version),
    ...given('claimUID', record.claimUID ?? claimOf(facts, name)?.metadata?.uid),
    ...given('podUID', podUIDOf(facts, record)),
    ...given('silentSince', silentSinceOf(facts, record, report !== undefined)),
    ...given('addedAt', record.addedAt),
  };
}

/** A field that is left out when there is nothing to say. */
function given<K extends keyof MemberRecord>(key: K, value: MemberRecord[K] | undefined): Partial<MemberRecord> {
  return value === undefined ? {} : { [key]: value };
}

function roleOf({ list }: Facts, record: MemberRecord, listed: MemberInfo | undefined): MemberRecord['role'] {
  if (list === undefined) return record.role;
  if (listed === undefined) return record.id === undefined ? 'Joining' : 'Leaving';
  return listed.learner ? 'Learner' : 'Voter';
}

function isReady({ pods }: Facts, name: string): boolean {
  const conditions = pods.get(name)?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/**
 * The pod that the member's data came from: only one that has run can have written any. In memory the data belongs to
 * the first such pod; on a disk any pod may carry it.
 */
function podUIDOf({ identity, pods }: Facts, record: MemberRecord): string | undefined {
  const pod = pods.get(record.name);
  const seen = hasRun(pod) ? pod?.metadata?.uid : undefined;
  return isInMemory(identity.spec) ? (record.podUID ?? seen) : (seen ?? record.podUID);
}

function hasRun(pod: Pod | undefined): boolean {
  const ran = pod?.status?.containerStatuses?.some(
    ({ state, lastState, restartCount }) =>
      restartCount > 0 ||
      state?.running !== undefined ||
      state?.terminated !== undefined ||
      lastState?.terminated !== undefined,
  );
  return ran === true || pod?.status?.phase === 'Running';
}

/** Since when a member that should answer does not. One that never had a pod is not silent. */
function silentSinceOf({ pods, nowMs }: Facts, record: MemberRecord, answers: boolean): string | undefined {
  if (answers) return undefined;
  const expected = pods.has(record.name) || record.podUID !== undefined;
  return record.silentSince ?? (expected ? new Date(nowMs).toISOString() : undefined);
}

/** The disk of a recorded member. */
export function diskOf(facts: Facts, record: MemberRecord): ReturnType<typeof diskState> {
  return diskState({
    memory: isInMemory(facts.identity.spec),
    recordedClaimUID: record.claimUID,
    recordedPodUID: record.podUID,
    claim: claimOf(facts, record.name),
    podUID: facts.pods.get(record.name)?.metadata?.uid,
  });
}

/** A claim that was set aside is nobody's disk any more. */
function claimOf({ claims }: Facts, name: string): PersistentVolumeClaim | undefined {
  const claim = claims.get(name);
  return isRetired(claim?.metadata) ? undefined : claim;
}
