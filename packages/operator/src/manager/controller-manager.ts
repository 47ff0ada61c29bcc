import { sleep } from '@reeve/api';
import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import type { PolicyRule } from '@reeve/api/rbac/v1';
import { cached } from '../cache/cached.ts';
import type { CacheOptions } from '../cache/cached.ts';
import { InformerRegistry, InformerScope } from '../cache/informer-registry.ts';
import type { Informer } from '../cache/informer.ts';
import type { Reader } from '../cache/reader.ts';
import { scopedReader } from '../cache/scoped-reader.ts';
import { ControllerRunner } from '../controller/controller-runner.ts';
import type { Controller } from '../controller/controller.ts';
import { Recorder } from '../events/event-recorder.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { OperatorError } from '../operator-error.ts';
import { LeaderElector } from './leader-elector.ts';
import { ManagerEndpoints } from './manager-endpoints.ts';
import type { ControllerHandle, Manager, ManagerOptions, Runnable } from './manager.ts';
import { permissionsOf } from './permissions.ts';

/** The options with every default filled in. */
export interface CompleteOptions extends ManagerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly instance: string;
}

const defaultGraceMs = 30_000;
const defaultSyncTimeoutMs = 120_000;
const defaultResyncMs = 10 * 3_600_000;

/** Starts in order: endpoints, caches, lease, workers; stops in the opposite one. */
export class ControllerManager implements Manager {
  readonly read: Reader;
  readonly #options: CompleteOptions;
  readonly #registry: InformerRegistry;
  readonly #scope: InformerScope;
  readonly #recorder: Recorder;
  readonly #elector: LeaderElector | undefined;
  readonly #endpoints: ManagerEndpoints;
  readonly #controllers: Controller[] = [];
  readonly #runners: ControllerRunner[] = [];
  readonly #runnables: Runnable[] = [];
  readonly #running = Promise.withResolvers<void>();
  /** Aborted to begin the stop. */
  readonly #stopping = new AbortController();
  /** Aborted when informers may end. */
  readonly #ending = new AbortController();
  readonly #forgetRequests: () => void;
  #started: Promise<void> | undefined;
  #informing = false;
  #leading = false;

  constructor(options: CompleteOptions) {
    const { client, log, clock, random, name, instance, leaderElection, metrics } = options;
    this.#options = options;
    this.#registry = new InformerRegistry({ client, log, clock, random });
    this.#registry.onAdded((informer) => {
      if (this.#informing) this.#inform(informer);
    });
    this.#scope = new InformerScope(this.#registry, `manager ${name}`);
    this.read = scopedReader({ require: (resource) => this.#anyInformer(resource) });
    this.#recorder = new Recorder({ client, controller: name, instance, log, clock, random });
    if (leaderElection !== undefined) {
      const identity = leaderElection.identity ?? `${instance}_${Math.floor(random() * 2 ** 48).toString(16)}`;
      this.#elector = new LeaderElector({ election: leaderElection, identity, client, log, clock, random });
    }
    this.#endpoints = new ManagerEndpoints(options, metrics);
    this.#endpoints.add('caches', 'ready', () => this.#requireSynced());
    const elector = this.#elector;
    if (elector !== undefined) this.#endpoints.add('lease', 'health', () => elector.check());
    this.#forgetRequests = client.observe((observed) => metrics.request(observed));
    // Nobody may be waiting for either; a failure also ends `start`, which somebody is.
    this.#running.promise.catch(() => undefined);
  }

  get leading(): boolean {
    return this.#leading;
  }

  get ports(): { readonly metrics?: number; readonly health?: number } {
    return this.#endpoints.ports;
  }

  add(controller: Controller): ControllerHandle {
    const { name } = controller;
    if (this.#runners.some((runner) => runner.name === name)) {
      throw new OperatorError(
        'ControllerInvalid',
        `two controllers are called ${name}: names make queues and metrics, give one another`,
      );
    }
    if (this.#started !== undefined) {
      throw new OperatorError(
        'ControllerInvalid',
        `controller ${name} comes too late: add it before the manager starts`,
      );
    }
    const { resyncMs = defaultResyncMs } = this.#options;
    const runner = new ControllerRunner({
      ...this.#options,
      controller,
      registry: this.#registry,
      recorder: this.#recorder,
      resyncMs,
    });
    this.#controllers.push(controller);
    this.#runners.push(runner);
    return runner;
  }

  addRunnable(runnable: Runnable): void {
    this.#runnables.push(runnable);
  }

  addCheck(name: string, check: () => void | Promise<void>, kind: 'ready' | 'health' = 'ready'): void {
    this.#endpoints.add(name, kind, check);
  }

  cache<T extends KubeObject>(resource: ResourceDescriptor<T>, cache: CacheOptions<T> = {}): Informer<T> {
    // An informer made from this very declaration.
    return this.#scope.declare(cached(resource, cache)) as Informer<KubeObject> as Informer<T>;
  }

  permissions(): readonly PolicyRule[] {
    return permissionsOf(this.#controllers, this.#options.leaderElection);
  }

  metrics(): Promise<string> {
    return this.#options.metrics.registry.metrics();
  }

  whenRunning(): Promise<void> {
    return this.#running.promise;
  }

  start(signal?: AbortSignal): Promise<void> {
    signal?.addEventListener('abort', () => this.#stopping.abort(), { once: true });
    if (signal?.aborted === true) this.#stopping.abort();
    this.#started ??= this.#run();
    return this.#started;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#started?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    let graceMs = this.#options.gracePeriodMs ?? defaultGraceMs;
    try {
      await this.#endpoints.open();
      this.#informing = true;
      for (const informer of this.#registry.all()) this.#inform(informer);
      await this.#lead();
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'LeaseLost') graceMs = 0;
      this.#running.reject(error);
      if (!this.#stopping.signal.aborted) throw error;
    } finally {
      this.#stopping.abort();
      await this.#close(graceMs);
      log.info('stopped');
    }
  }

  /** Everything that only the leader does, until the stop. */
  async #lead(): Promise<void> {
    const { signal } = this.#stopping;
    const standby = this.#runnables.filter(({ leaderOnly }) => leaderOnly === false).map((each) => this.#runOne(each));
    await this.#elector?.acquire(signal);
    this.#setLeading(true);
    const holding = this.#elector?.hold(signal) ?? new Promise<void>((resolve) => onAbort(signal, resolve));
    await Promise.race([this.#untilSynced(), holding]);
    if (signal.aborted) return;
    for (const runner of this.#runners) runner.start();
    const tasks = this.#runnables.filter(({ leaderOnly }) => leaderOnly !== false).map((each) => this.#runOne(each));
    this.#running.resolve();
    this.#options.log.info('running', { controllers: this.#runners.map(({ name }) => name) });
    await Promise.race([holding, failureOf([...standby, ...tasks])]);
  }

  async #close(graceMs: number): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.stop(graceMs)));
    await this.#recorder.close();
    this.#ending.abort();
    await this.#elector?.release();
    this.#setLeading(false);
    await this.#endpoints.close();
    this.#forgetRequests();
  }

  #setLeading(leading: boolean): void {
    this.#leading = leading;
    const { leaderElection, metrics } = this.#options;
    if (leaderElection !== undefined) metrics.leading(leaderElection.name, leading);
  }

  #inform(informer: Informer<KubeObject>): void {
    // A reflector never gives up; it resolves when it is told to end.
    informer.run(this.#ending.signal).then(
      () => this.#registry.drop(informer),
      (error: unknown) => this.#options.log.error('an informer ended', { error }),
    );
  }

  #anyInformer(resource: ResourceDescriptor): Informer<KubeObject> {
    const scopes = [this.#scope, ...this.#runners.map(({ scope }) => scope)];
    const found = scopes.map((scope) => scope.find(resource)).find((informer) => informer !== undefined);
    return found ?? this.#scope.require(resource);
  }

  #unsynced(): readonly Informer<KubeObject>[] {
    return this.#runners.flatMap(({ scope }) => scope.all()).filter(({ synced }) => !synced);
  }

  #requireSynced(): void {
    const waiting = this.#unsynced().map(({ resource, lastError }) => {
      const why = lastError instanceof Error ? ` (${lastError.message})` : '';
      return resource.plural + why;
    });
    if (waiting.length > 0) throw new OperatorError('SyncTimeout', `caches are not filled yet: ${waiting.join(', ')}`);
  }

  async #untilSynced(): Promise<void> {
    const { clock, syncTimeoutMs = defaultSyncTimeoutMs } = this.#options;
    const limit = new AbortController();
    const late = sleep(clock, syncTimeoutMs, limit.signal).then(
      () => this.#requireSynced(),
      () => undefined,
    );
    await Promise.race([Promise.all(this.#unsynced().map((informer) => informer.whenSynced())), late]);
    limit.abort();
  }

  async #runOne(runnable: Runnable): Promise<void> {
    const log = this.#options.log.with({ runnable: runnable.name });
    await runnable.run({ signal: this.#stopping.signal, log });
  }
}

function onAbort(signal: AbortSignal, task: () => void): void {
  if (signal.aborted) task();
  else signal.addEventListener('abort', () => task(), { once: true });
}

/** Rejects with the first failure; tasks that end well are no reason to stop. */
function failureOf(tasks: readonly Promise<void>[]): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const task of tasks) task.catch(reject);
  });
}
