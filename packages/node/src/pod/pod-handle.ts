import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

import type { NodeContext } from '../node/node-context.ts';
import type { ContainerRun } from './container-run.ts';
import type { PodSandbox } from './pod-sandbox.ts';
import type { ContainerRecord } from './record.ts';

/** A pod as those see it who start and stop its containers. */
export interface PodHandle {
  readonly node: NodeContext;
  readonly pod: Stored<Pod>;
  readonly sandbox: PodSandbox | undefined;
  readonly logDirectory: string;
  /** The newest run of each container. */
  readonly runs: Map<string, ContainerRun>;
  /** Aborted once the pod is to end: nothing more is started. */
  readonly ending: AbortSignal;
  record(container: string): ContainerRecord | undefined;
  /** Changes what is remembered of a container and decides anew. */
  change(container: string, change: Partial<ContainerRecord>): void;
  /** Asks a container to end; it is killed at `killAt`. */
  stopContainer(container: string, killAt: number): void;
  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void;
}
