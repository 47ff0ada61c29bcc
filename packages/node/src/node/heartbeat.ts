import { randomUUID } from 'node:crypto';

import { Lease } from '@reeve/api/coordination/v1';
import { Node } from '@reeve/api/core/v1';
import { isAlreadyExists, isNotFound } from '@reeve/kube';
import type { Client } from '@reeve/kube';

import type { VirtualNodeOptions } from '../host/node-host-options.ts';
import { messageOf } from '../node-error.ts';
import { nodeObject, nodeStatus } from './node-object.ts';

const leaseNamespace = 'kube-node-lease';
const renewMs = 3000;
const leaseSeconds = 40;
const statusMs = 300_000;
const retryMs = 1000;

/** What a node says of itself. */
export interface HeartbeatInput {
  readonly client: Client;
  readonly options: VirtualNodeOptions;
  readonly address: string;
  readonly podCIDR: string;
  readonly limitsMessage: string;
  readonly onError: (message: string) => void;
  /** The Node as the API server has it. */
  current(): Node | undefined;
}

/** Registers a node and keeps it alive: a Lease every few seconds (KEP-589), the status every five minutes. */
export class Heartbeat {
  readonly #input: HeartbeatInput;
  readonly #bootID: string = randomUUID();
  readonly #bootTime: number;
  readonly #stopped = new AbortController();
  #cancel: () => void = () => undefined;
  #statusAt = 0;

  constructor(input: HeartbeatInput) {
    this.#input = input;
    this.#bootTime = input.client.clock.now();
  }

  /** Resolves when the node is registered and Ready; tries again until it is, or until `stop`. */
  async start(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#register();
        await this.#renewLease();
        this.#schedule();
        return;
      } catch (error) {
        this.#input.onError(`cannot register node ${this.#input.options.name}: ${messageOf(error)}`);
        await new Promise<void>((resolve) => void this.#input.client.clock.schedule(retryMs, resolve));
      }
    }
  }

  /** Falls silent: the lease runs out by itself. */
  stop(): void {
    this.#stopped.abort();
    this.#cancel();
  }

  async #register(): Promise<void> {
    const { client, options, podCIDR } = this.#input;
    const node = nodeObject(options, podCIDR);
    try {
      await client.of(Node).create(node, { timeoutMs: 10_000 });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      await client.of(Node).patch(options.name, { merge: { metadata: node.metadata } });
    }
    await this.#writeStatus();
  }

  async #writeStatus(): Promise<void> {
    const { client, options } = this.#input;
    const { signal } = this.#stopped;
    const now = client.clock.now();
    const status = nodeStatus({ ...this.#input, bootID: this.#bootID, bootTime: this.#bootTime }, now);
    await client.of(Node).status.patch(options.name, { strategic: { status } }, { signal });
    this.#statusAt = now;
  }

  #schedule(): void {
    if (this.#stopped.signal.aborted) return;
    this.#cancel = this.#input.client.clock.schedule(renewMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    try {
      await this.#renewLease();
      const isDue = this.#input.client.clock.now() - this.#statusAt >= statusMs;
      if (isDue || this.#isThoughtLost()) await this.#writeStatus();
    } catch (error) {
      // Somebody deleted the Node: it registers again, as a kubelet does after a restart.
      if (isNotFound(error)) await this.#register().catch(() => undefined);
      else if (!this.#stopped.signal.aborted) this.#input.onError(`cannot renew the lease: ${messageOf(error)}`);
    }
    this.#schedule();
  }

  // After a long silence (the machine slept) the node controller has written what it had to assume.
  #isThoughtLost(): boolean {
    const ready = this.#input.current()?.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready !== undefined && ready.status !== 'True';
  }

  async #renewLease(): Promise<void> {
    const { client, options } = this.#input;
    const { signal } = this.#stopped;
    const leases = client.of(Lease).in(leaseNamespace);
    const renewTime = new Date(client.clock.now()).toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: options.name, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      await leases.patch(options.name, { merge: { spec } }, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const metadata = { name: options.name, namespace: leaseNamespace };
      await leases.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, { signal });
    }
  }
}
