import type { MemberList, MemberReport, Endpoint, EtcdAdmin } from '../etcd/admin.ts';

/** What etcd itself says, asked just now. */
export interface Survey {
  readonly reports: ReadonlyMap<string, MemberReport>;
  /** Undefined when no majority answers. */
  readonly list: MemberList | undefined;
}

/** Asks every member for its status and, through one of them, for the member list that a majority agrees on. */
export async function survey(admin: EtcdAdmin, endpoints: ReadonlyMap<string, Endpoint>): Promise<Survey> {
  admin.keep([...endpoints.values()].map(({ address }) => address));
  const answers = await Promise.all(
    [...endpoints].map(async ([name, at]) => [name, await reportOf(admin, at)] as const),
  );
  const reports = new Map(answers.flatMap(([name, report]) => (report === undefined ? [] : [[name, report] as const])));
  return { reports, list: await listOf(admin, endpoints, reports) };
}

/** Silence is an answer here: unknown is not dead, and what follows from it is for `decide` to say. */
async function reportOf(admin: EtcdAdmin, at: Endpoint): Promise<MemberReport | undefined> {
  return admin.status(at).catch(() => undefined);
}

async function listOf(
  admin: EtcdAdmin,
  endpoints: ReadonlyMap<string, Endpoint>,
  reports: ReadonlyMap<string, MemberReport>,
): Promise<MemberList | undefined> {
  for (const name of voices(reports)) {
    const at = endpoints.get(name);
    const list = at && (await admin.list(at).catch(() => undefined));
    if (list) return list;
  }
  return undefined;
}

/** Members that can speak for a majority, the leader first. One without a leader would only let the call time out. */
export function voices(reports: ReadonlyMap<string, MemberReport>): readonly string[] {
  return [...reports]
    .filter(([, { learner, leader }]) => !learner && leader !== undefined)
    .toSorted(([, a], [, b]) => Number(b.leader === b.id) - Number(a.leader === a.id))
    .map(([name]) => name);
}
