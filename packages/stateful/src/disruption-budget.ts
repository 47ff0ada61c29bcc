import type { ObjectMeta } from '@reeve/api';
import type { PodDisruptionBudget } from '@reeve/api/policy/v1';
import { quorum } from './quorum.ts';

export interface BudgetOptions {
  readonly metadata: ObjectMeta;
  /** The labels of the pods that vote. */
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Voters now and voters wanted: the floor holds for the larger, so that a resize never opens a gap. */
  readonly voters: number;
  readonly wanted: number;
  /** Members in memory lose their data when evicted, so a sick one is not free to evict. */
  readonly memory: boolean;
}

/** The disruption budget that keeps a majority: drains may take members only while a quorum stays. */
export function quorumBudget(options: BudgetOptions): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: options.metadata,
    spec: {
      minAvailable: quorum(Math.max(options.voters, options.wanted)),
      selector: { matchLabels: options.matchLabels },
      unhealthyPodEvictionPolicy: options.memory ? 'IfHealthyBudget' : 'AlwaysAllow',
    },
  };
}
