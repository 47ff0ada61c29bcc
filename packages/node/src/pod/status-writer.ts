import { sleep } from '@reeve/api';
import { Pod } from '@reeve/api/core/v1';
import type { PodCondition, PodStatus } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';
import { isConflict, isInvalid, isNotFound } from '@reeve/kube';
import type { Client } from '@reeve/kube';

import { messageOf } from '../node-error.ts';

const retryMs = 1000;

/** Which pod to write; another one of the same name is left alone. */
export interface StatusTarget {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Writes a pod's status, the newest only and one at a time; what is already there is not written again. */
export class StatusWriter {
  readonly #client: Client;
  readonly #target: StatusTarget;
  readonly #onError: (message: string) => void;
  #wanted: PodStatus | undefined;
  #written = '';
  #version = 0n;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(client: Client, target: StatusTarget, onError: (message: string) => void) {
    this.#client = client;
    this.#target = target;
    this.#onError = onError;
  }

  /** The conditions as last wanted. */
  get conditions(): readonly PodCondition[] | undefined {
    return this.#wanted?.conditions;
  }

  set(status: PodStatus): void {
    this.#wanted = status;
    if (!this.#closed) this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /**
   * What the API server has: when somebody else has changed a condition of ours (the node controller does while a node
   * is silent), ours is written again. A state from before our last write says nothing.
   */
  observe(pod: Stored<Pod>): void {
    if (this.#wanted === undefined || this.#written === '' || BigInt(pod.metadata.resourceVersion) < this.#version)
      return;
    const ours = this.#wanted.conditions ?? [];
    const changed = ours.some(
      ({ type, status }) => pod.status?.conditions?.find((one) => one.type === type)?.status !== status,
    );
    if (!changed) return;
    this.#written = '';
    this.set(this.#wanted);
  }

  /** Resolves when what was set has been written, or cannot be. */
  async flush(): Promise<void> {
    await this.#running;
  }

  close(): void {
    this.#closed = true;
  }

  async #run(): Promise<void> {
    while (!this.#closed && this.#wanted !== undefined) {
      const text = JSON.stringify(this.#wanted);
      if (text === this.#written) return;
      const done = await this.#write(this.#wanted);
      if (done) this.#written = text;
      else await sleep(this.#client.clock, retryMs);
    }
  }

  async #write(status: PodStatus): Promise<boolean> {
    const { namespace, name, uid } = this.#target;
    const strategic = { metadata: { uid }, status: strategicStatus(status) };
    try {
      const written = await this.#client.of(Pod).in(namespace).status.patch(name, { strategic });
      this.#version = BigInt(written.metadata.resourceVersion);
      return true;
    } catch (error) {
      // The pod is gone, or another one has its name now: nothing to write any more.
      if (isNotFound(error) || isConflict(error)) {
        this.#closed = true;
        return true;
      }
      this.#onError(`cannot write the status of pod ${namespace}/${name}: ${messageOf(error)}`);
      return isInvalid(error);
    }
  }
}

// Conditions merge by type, so what a condition no longer says must be taken away by name; addresses merge by value,
// so old ones must be replaced.
function strategicStatus(status: PodStatus): object {
  const conditions = status.conditions?.map((condition) => ({ reason: null, message: null, ...condition }));
  const replace = { $patch: 'replace' };
  const podIPs = status.podIPs === undefined ? {} : { podIPs: [replace, ...status.podIPs] };
  const hostIPs = status.hostIPs === undefined ? {} : { hostIPs: [replace, ...status.hostIPs] };
  return { reason: null, message: null, ...status, conditions, ...podIPs, ...hostIPs };
}
