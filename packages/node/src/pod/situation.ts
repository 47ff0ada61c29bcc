import type { PodSpec } from '@reeve/api/core/v1';

import type { ContainerRecord } from './record.ts';

/** The pod's network and volumes. */
export type SetupState =
  | { readonly is: 'none'; readonly notBefore?: number }
  | { readonly is: 'busy' }
  | { readonly is: 'ready' }
  /** Taken down for good: the pod has ended. */
  | { readonly is: 'gone' };

/** Everything that the next step of a pod depends on. */
export interface PodSituation {
  readonly spec: PodSpec;
  /** In the order in which they start. */
  readonly records: readonly ContainerRecord[];
  readonly setup: SetupState;
  /** When the node first saw the pod. */
  readonly startTime: number;
  /** When a deleted pod must be gone (`metadata.deletionTimestamp`); undefined while nobody deletes it. */
  readonly deletionTime: number | undefined;
  /** The agent ended the pod by itself. */
  readonly failure: PodFailure | undefined;
}

/** Why the agent ended a pod: `status.reason` and `status.message`. */
export interface PodFailure {
  readonly reason: string;
  readonly message: string;
}
