import { z } from 'zod';
import type { MemberInfo, MemberList, MemberReport, RaisedAlarm } from './admin.ts';

// uint64 arrives as a decimal text; etcdctl and the logs write IDs in hexadecimal.
const id = z.string().transform((decimal) => BigInt(decimal).toString(16));
const index = z.string().transform(Number);
const header = z.object({ clusterId: id, revision: index });

const member = z
  .object({ ID: id, name: z.string(), peerURLs: z.array(z.string()), isLearner: z.boolean() })
  .transform((read): MemberInfo => ({
    id: read.ID,
    name: read.name,
    peerURLs: read.peerURLs,
    learner: read.isLearner,
  }));

/** MemberList and every change of it. */
export const memberList: z.ZodType<MemberList> = z
  .object({ header, members: z.array(member) })
  .transform((read) => ({ clusterID: read.header.clusterId, members: read.members }));

export const memberReport: z.ZodType<MemberReport> = z
  .object({
    header: z.object({ clusterId: id, memberId: id }),
    version: z.string(),
    leader: id,
    isLearner: z.boolean(),
    raftAppliedIndex: index,
    raftTerm: index,
    dbSize: index,
    errors: z.array(z.string()),
  })
  .transform((read) => ({
    id: read.header.memberId,
    clusterID: read.header.clusterId,
    version: read.version,
    leader: read.leader === '0' ? undefined : read.leader,
    learner: read.isLearner,
    appliedIndex: read.raftAppliedIndex,
    raftTerm: read.raftTerm,
    dbSizeBytes: read.dbSize,
    alarms: read.errors.flatMap(alarmIn),
  }));

// Status tells alarms as texts; the Alarm call would write to the log of the whole cluster even to read them.
const alarmText = /memberID:(\d+) alarm:(NOSPACE|CORRUPT)/;

function alarmIn(text: string): readonly RaisedAlarm[] {
  const [, memberID, kind] = alarmText.exec(text) ?? [];
  if (memberID === undefined) return [];
  return [{ memberID: BigInt(memberID).toString(16), kind: kind === 'CORRUPT' ? 'Corrupt' : 'NoSpace' }];
}

export const hash: z.ZodType<number> = z.object({ hash: z.number() }).transform((read) => read.hash);

/** The first value of a range. */
export const firstValue: z.ZodType<string | undefined> = z
  .object({ kvs: z.array(z.object({ value: z.instanceof(Uint8Array) })) })
  .transform(({ kvs }) => (kvs[0] === undefined ? undefined : Buffer.from(kvs[0].value).toString()));
