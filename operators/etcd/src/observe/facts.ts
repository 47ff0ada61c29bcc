import type { Node, PersistentVolumeClaim, Pod, Secret } from '@reeve/api/core/v1';
import type { EtcdClusterStatus } from '../api/status.ts';
import type { MemberList, MemberReport } from '../etcd/admin.ts';
import type { ClusterIdentity } from '../names.ts';

/** All that was seen in one look: objects from the cache, answers from etcd. Plain data. */
export interface Facts {
  readonly identity: ClusterIdentity;
  readonly status: EtcdClusterStatus;
  /** By member name; only those that belong to this very cluster. */
  readonly pods: ReadonlyMap<string, Pod>;
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>;
  readonly trial: Pod | undefined;
  /** Names of all pods and claims that carry the cluster's label, of earlier clusters of the name too. */
  readonly namesTaken: readonly string[];
  readonly nodeOf: (name: string) => Node | undefined;
  readonly secretOf: (name: string) => Secret | undefined;
  /** Why the API server does not let the claims be changed as the spec asks. */
  readonly claimsRefused?: string | undefined;
  /** What each member that answered says of itself. */
  readonly reports: ReadonlyMap<string, MemberReport>;
  /** The member list as a majority has it. */
  readonly list: MemberList | undefined;
  readonly nowMs: number;
}
