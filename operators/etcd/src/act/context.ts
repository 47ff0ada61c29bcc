import type { Clock } from '@reeve/api';
import type { Client } from '@reeve/kube';
import type { EtcdClusterStatus, MemberRecord } from '../api/status.ts';
import type { ClusterView } from '../decide/view.ts';
import type { Endpoint, EtcdAdmin } from '../etcd/admin.ts';
import type { Facts } from '../observe/facts.ts';
import type { OwnerReference } from '@reeve/api';

/** What an action works with. */
export interface ActContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly admin: EtcdAdmin;
  readonly facts: Facts;
  readonly view: ClusterView;
  readonly owner: OwnerReference;
  /** Members that can be asked, by name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The records as this pass will write them. */
  readonly records: readonly MemberRecord[];
}

/** What an action leaves in the status. */
export type Outcome = Partial<EtcdClusterStatus>;

/** The records with one of them changed; undefined takes it away. */
export function withRecord(
  { records }: ActContext,
  name: string,
  change: Partial<MemberRecord> | undefined,
): { readonly members: readonly MemberRecord[] } {
  const members = records.flatMap((record) => {
    if (record.name !== name) return [record];
    return change === undefined ? [] : [{ ...record, ...change }];
  });
  return { members };
}
