import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Pod } from '@reeve/api/core/v1';
import type { Stored } from '@reeve/kube';

import type { ObjectCache } from '../cache/object-cache.ts';
import { PodWorker } from '../pod/pod-worker.ts';
import { Heartbeat } from './heartbeat.ts';
import type { HeartbeatInput } from './heartbeat.ts';
import type { NodeContext } from './node-context.ts';

/** One virtual node: its heartbeat and a worker for each pod that is scheduled to it. */
export class VirtualNode {
  readonly context: NodeContext;
  readonly #heartbeatInput: HeartbeatInput;
  readonly #pods: ObjectCache<Pod>;
  readonly #workers = new Map<string, PodWorker>();
  #heartbeat: Heartbeat | undefined;
  #unsubscribe: () => void = () => undefined;

  constructor(context: NodeContext, pods: ObjectCache<Pod>, heartbeat: HeartbeatInput) {
    this.context = context;
    this.#pods = pods;
    this.#heartbeatInput = heartbeat;
  }

  get isOn(): boolean {
    return this.#heartbeat !== undefined;
  }

  /** Boots: takes up the pods that are there, then registers. Resolves when the node is Ready. */
  async start(): Promise<void> {
    if (this.#heartbeat !== undefined) return;
    this.#sweep();
    const heartbeat = new Heartbeat(this.#heartbeatInput);
    this.#heartbeat = heartbeat;
    this.#unsubscribe = this.#pods.onChange((current, previous) => this.#observe(current, previous));
    for (const pod of this.#pods.values()) this.#observe(pod, undefined);
    await heartbeat.start();
  }

  /** Loses power: everything on it dies at once and nothing more is written. */
  async cutPower(): Promise<void> {
    this.#silence();
    const workers = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all(workers.map((worker) => worker.cutPower()));
  }

  /** Ends with the cluster: programs may end by themselves until `killAt`. */
  async shutDown(killAt: number): Promise<void> {
    this.#silence();
    await Promise.all([...this.#workers.values()].map((worker) => worker.shutDown(killAt)));
  }

  /** The worker of a pod; undefined when the pod is not here. */
  worker(uid: string): PodWorker | undefined {
    return this.#workers.get(uid);
  }

  workers(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  // Pods that were deleted while the node was off have left their files.
  #sweep(): void {
    const present = new Set([...this.#pods.values()].map(({ metadata }) => metadata.uid));
    const directory = join(this.context.dataDir, 'nodes', this.context.nodeName);
    for (const kind of ['pods', 'logs']) {
      for (const name of listDirectory(join(directory, kind))) {
        const uid = name.split('_').at(-1) ?? '';
        if (!present.has(uid)) rmSync(join(directory, kind, name), { recursive: true, force: true });
      }
    }
  }

  #silence(): void {
    this.#heartbeat?.stop();
    this.#heartbeat = undefined;
    this.#unsubscribe();
  }

  #observe(current: Stored<Pod> | undefined, previous: Stored<Pod> | undefined): void {
    if (previous !== undefined && previous.metadata.uid !== current?.metadata.uid) {
      this.#workers.get(previous.metadata.uid)?.gone();
    }
    if (current === undefined || current.spec?.nodeName !== this.context.nodeName) return;
    const { uid } = current.metadata;
    const worker = this.#workers.get(uid);
    if (worker !== undefined) worker.update(current);
    else this.#workers.set(uid, this.#adopt(current));
  }

  #adopt(pod: Stored<Pod>): PodWorker {
    const { uid } = pod.metadata;
    return new PodWorker(this.context, pod, () => this.#workers.delete(uid), this.#heartbeatInput.onError);
  }
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
