import { rmSync } from 'node:fs';

import { Pod } from '@reeve/api/core/v1';
import type { Container, ObjectReference } from '@reeve/api/core/v1';
import { isConflict, isNotFound } from '@reeve/kube';
import type { Stored } from '@reeve/kube';

import { messageOf } from '../node-error.ts';
import type { NodeContext } from '../node/node-context.ts';
import { podLogDirectory } from './container-log.ts';
import type { ContainerRun } from './container-run.ts';
import { decide } from './decide.ts';
import type { PodAction } from './decide.ts';
import type { PodHandle } from './pod-handle.ts';
import { podStatus } from './pod-status.ts';
import { PodSandbox } from './pod-sandbox.ts';
import type { ContainerRecord } from './record.ts';
import { restoreRecords } from './restore.ts';
import type { PodFailure, PodSituation, SetupState } from './situation.ts';
import { startContainer } from './start-container.ts';
import { StatusWriter } from './status-writer.ts';
import { unsupportedFields, warnedFields } from './unsupported.ts';

const setupRetry = { firstMs: 100, maxMs: 10_000 };
const retryMs = 1000;

/** Runs one pod: decides, acts, watches what happens, decides again, and tells the API server. */
export class PodWorker implements PodHandle {
  readonly node: NodeContext;
  readonly logDirectory: string;
  readonly runs: Map<string, ContainerRun> = new Map();
  readonly #status: StatusWriter;
  readonly #onRemoved: () => void;
  readonly #startTime: number;
  readonly #ending = new AbortController();
  #pod: Stored<Pod>;
  #records: ReadonlyMap<string, ContainerRecord>;
  #setup: SetupState = { is: 'none' };
  #setupDelay = setupRetry.firstMs;
  #sandbox: PodSandbox | undefined;
  #failure: PodFailure | undefined;
  #removing = false;
  #off = false;
  #deletionTime: number | undefined;
  #cancelWake: () => void = () => undefined;
  #scheduled = false;

  constructor(node: NodeContext, pod: Stored<Pod>, onRemoved: () => void, onError: (message: string) => void) {
    const now = node.clock.now();
    this.node = node;
    this.#pod = pod;
    this.#onRemoved = onRemoved;
    this.#startTime = pod.status?.startTime === undefined ? now : Date.parse(pod.status.startTime);
    this.#records = new Map(restoreRecords(pod, now).map((record) => [record.name, record]));
    const { phase, reason, message = '' } = pod.status ?? {};
    if (phase === 'Failed' && reason !== undefined) this.#failure = { reason, message };
    this.logDirectory = podLogDirectory(node.dataDir, node.nodeName, pod);
    const { namespace = '', name, uid } = pod.metadata;
    this.#status = new StatusWriter(node.client, { namespace, name, uid }, onError);
    this.#admit();
    this.update(pod);
  }

  get pod(): Stored<Pod> {
    return this.#pod;
  }

  get sandbox(): PodSandbox | undefined {
    return this.#sandbox;
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  record(name: string): ContainerRecord | undefined {
    return this.#records.get(name);
  }

  /** A newer state of the object: labels for the downward API, deletion, readiness gates. */
  update(pod: Stored<Pod>): void {
    const changed = facts(pod) !== facts(this.#pod);
    this.#pod = pod;
    const { deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      this.#deletionTime = Math.min(this.#deletionTime ?? Number.POSITIVE_INFINITY, Date.parse(deletionTimestamp));
      this.#ending.abort();
    }
    if (changed) this.refreshVolumes();
    this.#status.observe(pod);
    this.poke();
  }

  /** The object is gone from the API server: whatever is left of the pod goes at once. */
  gone(): void {
    this.#removing = true;
    this.#status.close();
    this.#deletionTime = 0;
    this.#ending.abort();
    for (const run of this.runs.values()) run.kill();
    this.poke();
  }

  /** The node loses power: everything dies, nothing is written, the files stay. Resolves when nothing is left. */
  async cutPower(): Promise<void> {
    this.#off = true;
    this.#status.close();
    this.#ending.abort();
    this.#cancelWake();
    const ends = [...this.runs.values()].map((run) => {
      run.kill();
      return run.container.exited;
    });
    await Promise.all(ends);
    await this.#sandbox?.tearDown(this.#pod.metadata.uid, { keepFiles: true });
  }

  /** The whole cluster stops: programs may end by themselves until `killAt`. */
  async shutDown(killAt: number): Promise<void> {
    this.#off = true;
    this.#status.close();
    this.#ending.abort();
    this.#cancelWake();
    for (const run of this.runs.values()) run.stop(killAt);
    await Promise.all([...this.runs.values()].map((run) => run.container.exited));
  }

  /** A config map or secret that the pod may mount has changed. */
  refreshVolumes(): void {
    if (this.#setup.is === 'ready') void this.#sandbox?.refreshVolumes(this.#pod);
  }

  change(name: string, change: Partial<ContainerRecord>): void {
    const record = this.#records.get(name);
    if (record === undefined) return;
    this.#records = new Map(this.#records).set(name, { ...record, ...change });
    this.poke();
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
    if (this.#off) return;
    const { namespace = '', name, uid, resourceVersion } = this.#pod.metadata;
    const isInit = this.#pod.spec?.initContainers?.some((init) => init.name === container) === true;
    const field =
      container === undefined ? {} : { fieldPath: `spec.${isInit ? 'initContainers' : 'containers'}{${container}}` };
    const object: ObjectReference = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, resourceVersion, ...field };
    this.node.events.record(object, type, reason, message);
  }

  /** Decides soon: several changes in one turn lead to one decision. */
  poke(): void {
    if (this.#scheduled || this.#off) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#off) this.#step();
    });
  }

  #admit(): void {
    const refused = unsupportedFields(this.#pod);
    if (refused.length > 0) {
      const message = `process nodes do not support ${refused.join('; ')}`;
      this.#failure = { reason: 'Unsupported', message };
      this.event('Warning', 'Unsupported', message);
    }
    const warned = warnedFields(this.#pod);
    if (warned.length > 0) this.event('Warning', 'NotEnforced', `process nodes do not enforce ${warned.join('; ')}`);
  }

  #step(): void {
    const now = this.node.clock.now();
    const { actions, wakeAt } = decide(this.#situation(), now);
    for (const action of actions) this.#act(action);
    this.#cancelWake();
    if (wakeAt !== undefined) this.#cancelWake = this.node.clock.schedule(Math.max(0, wakeAt - now), () => this.poke());
    this.#report(now);
  }

  #situation(): PodSituation {
    return {
      spec: this.#pod.spec ?? { containers: [] },
      records: [...this.#records.values()],
      setup: this.#setup,
      startTime: this.#startTime,
      deletionTime: this.#deletionTime,
      failure: this.#failure,
    };
  }

  #report(now: number): void {
    const previous = this.#status.conditions ?? this.#pod.status?.conditions ?? [];
    const podIP = this.#sandbox?.network.address ?? this.#pod.status?.podIP;
    const situation = this.#situation();
    this.#status.set(podStatus({ pod: this.#pod, situation, podIP, hostIP: this.node.nodeIP, previous }, now));
  }

  #act(action: PodAction): void {
    switch (action.do) {
      case 'setUp':
        this.#setup = { is: 'busy' };
        void this.#setUp();
        return;
      case 'start':
        this.#start(action.container);
        return;
      case 'backOff':
        this.#backOff(action.container, action.until);
        return;
      case 'stop':
        this.stopContainer(action.container, action.killAt);
        return;
      case 'fail':
        this.#failure = action.failure;
        this.#ending.abort();
        this.event('Warning', action.failure.reason, action.failure.message);
        this.poke();
        return;
      case 'tearDown':
        this.#setup = { is: 'busy' };
        void this.#tearDown();
        return;
      case 'remove':
        void this.#remove();
    }
  }

  stopContainer(name: string, killAt: number): void {
    const record = this.#records.get(name);
    const run = this.runs.get(name);
    if (record?.phase.is !== 'running' || run === undefined) return;
    if (record.phase.killAt === undefined) this.event('Normal', 'Killing', `Stopping container ${name}`, name);
    this.change(name, { phase: { ...record.phase, killAt }, ready: false });
    run.stop(killAt);
  }

  #start(name: string): void {
    const record = this.#records.get(name);
    const ended = record?.phase.is === 'ended' ? { last: record.phase.run } : {};
    this.change(name, { ...ended, phase: { is: 'starting' } });
    void startContainer(this, this.#containerSpec(name));
  }

  async #setUp(): Promise<void> {
    try {
      this.#sandbox ??= await PodSandbox.create(this.node, this.#pod);
      if (!this.#off) await this.#sandbox.setUpVolumes(this.#pod);
      this.#setup = { is: 'ready' };
    } catch (error) {
      const reason = this.#sandbox === undefined ? 'FailedCreatePodSandBox' : 'FailedMount';
      this.event('Warning', reason, messageOf(error));
      this.#setup = { is: 'none', notBefore: this.node.clock.now() + this.#setupDelay };
      this.#setupDelay = Math.min(setupRetry.maxMs, this.#setupDelay * 2);
    }
    if (this.#off) await this.#sandbox?.tearDown(this.#pod.metadata.uid, { keepFiles: true });
    this.poke();
  }

  async #tearDown(): Promise<void> {
    try {
      await this.#sandbox?.tearDown(this.#pod.metadata.uid, { keepFiles: false });
      this.#setup = { is: 'gone' };
      this.poke();
    } catch (error) {
      this.event('Warning', 'FailedKillPod', messageOf(error));
      this.node.clock.schedule(retryMs, () => {
        this.#setup = { is: 'ready' };
        this.poke();
      });
    }
  }

  // The final delete: the API server keeps a deleted pod until its node says that nothing of it is left.
  async #remove(): Promise<void> {
    if (this.#removing) {
      this.#forget();
      return;
    }
    this.#removing = true;
    const { namespace = '', name, uid } = this.#pod.metadata;
    await this.#status.flush();
    try {
      await this.node.client.of(Pod).in(namespace).delete(name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) {
        this.#removing = false;
        this.node.clock.schedule(retryMs, () => this.poke());
        return;
      }
    }
    this.#forget();
  }

  #forget(): void {
    this.#off = true;
    this.#cancelWake();
    this.#status.close();
    rmSync(this.logDirectory, { recursive: true, force: true });
    this.#onRemoved();
  }

  #backOff(name: string, until: number): void {
    const record = this.#records.get(name);
    if (record?.phase.is !== 'ended') return;
    const { namespace = '', name: podName, uid } = this.#pod.metadata;
    const delay = (record.crashBackoff?.delayMs ?? 0) / 1000;
    const message = `back-off ${delay}s restarting failed container=${name} pod=${podName}_${namespace}(${uid})`;
    this.event(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${name} in pod ${podName}_${namespace}(${uid})`,
      name,
    );
    this.change(name, {
      last: record.phase.run,
      phase: { is: 'waiting', reason: 'CrashLoopBackOff', message, notBefore: until },
    });
  }

  #containerSpec(name: string): Container {
    const { initContainers = [], containers = [] } = this.#pod.spec ?? {};
    return [...initContainers, ...containers].find((container) => container.name === name) ?? { name };
  }
}

// What downward API files may show.
function facts({ metadata }: Stored<Pod>): string {
  return JSON.stringify([metadata.labels, metadata.annotations]);
}
