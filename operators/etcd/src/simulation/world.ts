import { sleep, type Clock, type Random } from '@reeve/api';
import { Node, PersistentVolumeClaim, Pod } from '@reeve/api/core/v1';
import type { Client, Stored } from '@reeve/kube';
import { createManager, type Log, type Manager } from '@reeve/operator';
import { defaultPolicy, type Policy } from '../decide/view.ts';
import { adminPool } from '../etcd/admin-pool.ts';
import type { EtcdAdmin } from '../etcd/admin.ts';
import { EtcdError } from '../etcd/etcd-error.ts';
import { etcdController } from '../operator.ts';
import { EtcdCluster } from '../resources.ts';
import { ModelEtcd } from './model-etcd.ts';
import { ModelKubelet } from './model-kubelet.ts';
import { contractBreaches } from './status-contract.ts';

export const namespace = 'default';
export const clusterName = 'db';

const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silentLog };

export interface WorldOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Reaches the API server, always. */
  readonly client: Client;
  readonly policy?: Partial<Policy>;
  readonly log?: Log;
}

/** One operator process of the simulation. */
export interface SimulatedOperator {
  readonly manager: Manager;
  stop(): Promise<void>;
}

/** A cluster in small: an API server, nodes with model etcds, and as many operators as one likes. */
export class World {
  readonly etcd: ModelEtcd;
  readonly kubelet: ModelKubelet;
  /** As last seen. */
  cluster: Stored<EtcdCluster> | undefined;
  pods: readonly Stored<Pod>[] = [];
  /** Longest time in which no write was acknowledged, since the cluster has existed. */
  longestGapMs = 0;
  /** Where a status broke the contract of conditions. */
  readonly breaches: string[] = [];
  readonly #options: WorldOptions;
  readonly #stopping = new AbortController();
  #lastWrite: number | undefined;
  #life: Promise<unknown> = Promise.resolve();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.etcd = new ModelEtcd(options.clock, options.random);
    this.kubelet = new ModelKubelet(options.client, this.etcd, options.random, namespace);
  }

  async start(nodes: readonly string[]): Promise<void> {
    for (const name of nodes) {
      const node = { metadata: { name, labels: { 'kubernetes.io/hostname': name } } };
      await this.#options.client.of(Node).create(node);
      await this.setNode(name, true);
    }
    this.#life = Promise.all([this.#live(), this.#follow().catch(() => undefined)]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#life;
  }

  /** Starts an operator over its own client; `isAlive` cuts it off from etcd as a crash does. */
  launch(client: Client, isAlive: () => boolean): SimulatedOperator {
    const { clock, policy, log = silentLog } = this.#options;
    const admins = adminPool(clock, () => guarded(this.etcd.admin(), isAlive));
    const manager = createManager({ client, name: 'etcd', log });
    const settings = { policy: { ...defaultPolicy, ...policy }, clusterDomain: 'cluster.local' };
    manager.add(etcdController({ settings, admins }));
    manager.start().catch(() => undefined);
    return { manager, stop: () => manager.stop() };
  }

  /** What the node controller does when a node falls silent or returns. */
  async setNode(name: string, ready: boolean): Promise<void> {
    const { client, clock } = this.#options;
    const now = new Date(clock.now()).toISOString();
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'Unknown',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    } as const;
    await client.of(Node).status.patch(name, { merge: { status: { conditions: [condition] } } });
    if (ready) this.kubelet.startNode(name);
    else this.kubelet.stopNode(name, this.pods);
  }

  deletePod(name: string): Promise<unknown> {
    return this.#options.client.of(Pod).in(namespace).delete(name);
  }

  async loseClaim(name: string): Promise<void> {
    await this.#options.client.of(PersistentVolumeClaim).in(namespace).delete(name);
    await this.deletePod(name);
  }

  /** Ready as `kubectl wait` sees it, at this size. */
  isReady(size: number): boolean {
    const { metadata, status } = this.cluster ?? {};
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return (
      status?.observedGeneration === metadata?.generation &&
      ready?.status === 'True' &&
      status?.clusterSize === size &&
      this.pods.length === size
    );
  }

  async #live(): Promise<void> {
    const { clock, client } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const nodes = await client.of(Node).list();
      await this.kubelet.step(nodes.items);
      this.pods = (await client.of(Pod).in(namespace).list()).items;
      this.#write(clock.now());
      await sleep(clock, 100, signal).catch(() => undefined);
    }
  }

  /** Sees every version of the cluster, as a user's watch does. */
  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    for await (const event of this.#options.client.of(EtcdCluster).in(namespace).watch({ signal })) {
      if (event.type === 'BOOKMARK') continue;
      this.breaches.push(...contractBreaches(this.cluster, event.object));
      this.cluster = event.object;
    }
  }

  #write(now: number): void {
    if (this.etcd.write()) this.#lastWrite = now;
    if (this.#lastWrite !== undefined) this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastWrite);
  }
}

/** A dead operator's calls reach nobody. */
function guarded(admin: EtcdAdmin, isAlive: () => boolean): EtcdAdmin {
  const check =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (!isAlive()) throw new EtcdError('Unreachable', 'this operator has crashed');
      return call(...args);
    };
  return {
    status: check(admin.status),
    list: check(admin.list),
    addLearner: check(admin.addLearner),
    promote: check(admin.promote),
    remove: check(admin.remove),
    moveLeader: check(admin.moveLeader),
    hashKV: check(admin.hashKV),
    put: check(admin.put),
    get: check(admin.get),
    keep: () => undefined,
    close: () => undefined,
  };
}
