import type { Random } from '@reeve/api';
import { PersistentVolumeClaim, Pod, type Node } from '@reeve/api/core/v1';
import { isConflict, isNotFound, type Client, type Stored } from '@reeve/kube';
import type { ModelEtcd } from './model-etcd.ts';
import { modelStartOf, type ModelDisk } from './model-types.ts';

interface Running {
  readonly ip: string;
  restarts: number;
  startAt: number;
  lastWords: string | undefined;
}

/** Plays scheduler, kubelet and volumes for the pods of one namespace, a step at a time. */
export class ModelKubelet {
  readonly #client: Client;
  readonly #etcd: ModelEtcd;
  readonly #random: Random;
  readonly #namespace: string;
  readonly #disks = new Map<string, ModelDisk>();
  readonly #pods = new Map<string, Running>();
  readonly #stopped = new Set<string>();
  #address = 0;

  constructor(client: Client, etcd: ModelEtcd, random: Random, namespace: string) {
    this.#client = client;
    this.#etcd = etcd;
    this.#random = random;
    this.#namespace = namespace;
  }

  /** A stopped node runs nothing and reports nothing. */
  stopNode(node: string, pods: readonly Pod[]): void {
    this.#stopped.add(node);
    for (const pod of pods) if (pod.spec?.nodeName === node) this.#etcd.kill(pod.metadata?.uid ?? '');
  }

  startNode(node: string): void {
    this.#stopped.delete(node);
  }

  isStopped(node: string): boolean {
    return this.#stopped.has(node);
  }

  /** One look at all pods and claims. */
  async step(nodes: readonly Stored<Node>[]): Promise<void> {
    const pods = await this.#client.of(Pod).in(this.#namespace).list();
    for (const pod of pods.items) await this.#forgive(this.#tend(pod, nodes));
    await this.#claims(pods.items);
  }

  async #tend(pod: Stored<Pod>, nodes: readonly Stored<Node>[]): Promise<void> {
    const node = pod.spec?.nodeName;
    if (pod.metadata.deletionTimestamp !== undefined && (node === undefined || !this.isStopped(node)))
      return this.#end(pod);
    if (pod.metadata.deletionTimestamp !== undefined) return undefined;
    if (node === undefined) return this.#bind(pod, nodes);
    if (this.isStopped(node)) return undefined;
    return pod.metadata.name.endsWith('-trial') ? this.#finish(pod) : this.#run(pod);
  }

  async #end({ metadata }: Stored<Pod>): Promise<void> {
    this.#etcd.kill(metadata.uid);
    this.#pods.delete(metadata.uid);
    const options = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } };
    await this.#client.of(Pod).in(this.#namespace).delete(metadata.name, options);
  }

  async #bind({ metadata, spec }: Stored<Pod>, nodes: readonly Stored<Node>[]): Promise<void> {
    const claim = spec?.volumes?.find(({ name }) => name === 'data')?.persistentVolumeClaim?.claimName;
    const found =
      claim === undefined ? undefined : await this.#client.of(PersistentVolumeClaim).in(this.#namespace).find(claim);
    if (claim !== undefined && (found === undefined || found.metadata.deletionTimestamp !== undefined)) return;
    const open = nodes.filter(({ metadata: { name } }) => !this.isStopped(name));
    const node = open[Math.floor(this.#random() * open.length)];
    if (node === undefined) return;
    await this.#client.raw('POST', `/api/v1/namespaces/${this.#namespace}/pods/${metadata.name}/binding`, {
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: metadata.name },
        target: { kind: 'Node', name: node.metadata.name },
      },
    });
  }

  async #run(pod: Stored<Pod>): Promise<void> {
    const { uid } = pod.metadata;
    const now = this.#client.clock.now();
    const running = this.#pods.get(uid) ?? this.#admit(uid, now);
    if (!this.#etcd.processes.has(uid) && now >= running.startAt) {
      running.lastWords = this.#etcd.start(uid, `${running.ip}:2379`, await this.#diskOf(pod), modelStartOf(pod));
      if (running.lastWords !== undefined) {
        running.restarts += 1;
        running.startAt = now + 1000 * 2 ** Math.min(running.restarts, 5);
      }
    }
    await this.#report(pod, running);
  }

  #admit(uid: string, now: number): Running {
    this.#address += 1;
    const ip = `10.0.${Math.floor(this.#address / 250)}.${(this.#address % 250) + 1}`;
    const running: Running = { ip, restarts: 0, startAt: now + 50 + this.#random() * 300, lastWords: undefined };
    this.#pods.set(uid, running);
    return running;
  }

  async #diskOf({ metadata, spec }: Stored<Pod>): Promise<ModelDisk> {
    const claim = spec?.volumes?.find(({ name }) => name === 'data')?.persistentVolumeClaim?.claimName;
    const found =
      claim === undefined ? undefined : await this.#client.of(PersistentVolumeClaim).in(this.#namespace).get(claim);
    const key = found?.metadata.uid ?? metadata.uid;
    const disk = this.#disks.get(key) ?? { applied: 0 };
    this.#disks.set(key, disk);
    return disk;
  }

  /** Empties a pod's disk under it. */
  async wipe(pod: Stored<Pod> | undefined): Promise<void> {
    if (pod === undefined) return;
    const disk = await this.#diskOf(pod);
    this.crash(pod.metadata.uid);
    delete disk.clusterID;
    delete disk.memberID;
    disk.applied = 0;
  }

  /** Kills the process; the next look starts it again. */
  crash(uid: string): void {
    this.#etcd.kill(uid);
    const running = this.#pods.get(uid);
    if (running) running.startAt = this.#client.clock.now() + 500;
  }

  async #report(pod: Stored<Pod>, { ip, restarts, lastWords }: Running): Promise<void> {
    const ready = this.#etcd.healthy(pod.metadata.uid);
    const state = lastWords === undefined ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff' } };
    const container = {
      name: 'etcd',
      image: '',
      imageID: '',
      ready,
      restartCount: restarts,
      state,
      ...(lastWords === undefined ? {} : { lastState: { terminated: { exitCode: 1, message: lastWords } } }),
    };
    const mark = JSON.stringify([ready, restarts, lastWords]);
    if (this.#marks.get(pod.metadata.uid) === mark) return;
    await this.#status(pod, {
      phase: 'Running',
      podIP: ip,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [container],
    });
    this.#marks.set(pod.metadata.uid, mark);
  }

  readonly #marks = new Map<string, string>();

  async #finish(pod: Stored<Pod>): Promise<void> {
    if (pod.status?.phase === 'Succeeded') return;
    await this.#status(pod, { phase: 'Succeeded' });
  }

  async #status(pod: Stored<Pod>, status: NonNullable<Pod['status']>): Promise<void> {
    await this.#client
      .of(Pod)
      .in(this.#namespace)
      .status.patch(pod.metadata.name, { merge: { metadata: { uid: pod.metadata.uid }, status } });
  }

  /** Claims that are being deleted go once no pod uses them. */
  async #claims(pods: readonly Stored<Pod>[]): Promise<void> {
    const api = this.#client.of(PersistentVolumeClaim).in(this.#namespace);
    for (const { metadata } of (await api.list()).items) {
      if (metadata.deletionTimestamp === undefined) continue;
      const isUsed = pods.some(
        ({ spec }) =>
          spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name) === true,
      );
      if (!isUsed)
        await this.#forgive(api.patch(metadata.name, { merge: { metadata: { uid: metadata.uid, finalizers: null } } }));
    }
  }

  async #forgive(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    });
  }
}
