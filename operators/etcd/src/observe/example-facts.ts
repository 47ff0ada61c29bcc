import type { EtcdClusterSpec } from '../api/spec.ts';
import type { MemberRecord } from '../api/status.ts';
import type { MemberReport } from '../etcd/admin.ts';
import type { Facts } from './facts.ts';

/** The facts of a cluster `db` of which nothing is there yet; the rest as given. For tests. */
export function facts(more: Partial<Facts> & { readonly spec?: Partial<EtcdClusterSpec> } = {}): Facts {
  const { spec, ...rest } = more;
  return {
    identity: {
      name: 'db',
      namespace: 'ns',
      uid: 'u',
      spec: { clusterSize: 3, version: 'v3.5.16', ...spec },
      clusterDomain: 'cluster.local',
    },
    status: {},
    pods: new Map(),
    claims: new Map(),
    trial: undefined,
    namesTaken: [],
    nodeOf: () => undefined,
    secretOf: () => undefined,
    reports: new Map(),
    list: undefined,
    nowMs: 1_000_000,
    ...rest,
  };
}

/** The record of a voter of the cluster `db`; the rest as given. For tests. */
export function record(serial: number, more: Partial<MemberRecord> = {}): MemberRecord {
  return { name: `db-${serial}`, serial, id: `a${serial}`, role: 'Voter', ready: true, ...more };
}

/** What a healthy follower says of itself; the rest as given. For tests. */
export function report(id: string, more: Partial<MemberReport> = {}): MemberReport {
  return {
    id,
    clusterID: 'c1',
    version: '3.5.16',
    leader: 'a1',
    learner: false,
    appliedIndex: 100,
    raftTerm: 2,
    dbSizeBytes: 20_480,
    alarms: [],
    ...more,
  };
}
