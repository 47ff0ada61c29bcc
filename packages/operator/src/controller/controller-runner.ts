import type { Clock, Random } from '@reeve/api';
import type { Client } from '@reeve/kube';
import { InformerScope } from '../cache/informer-registry.ts';
import type { InformerRegistry } from '../cache/informer-registry.ts';
import type { Reader } from '../cache/reader.ts';
import { scopedReader } from '../cache/scoped-reader.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { Log } from '../log.ts';
import type { ControllerMetrics, Metrics, ReconcileOutcome } from '../metrics/metrics.ts';
import { keyText, parseKey } from '../object-key.ts';
import type { ObjectKey } from '../object-key.ts';
import { OperatorError, TerminalError } from '../operator-error.ts';
import { lowPriority, WorkQueue } from '../queue/work-queue.ts';
import type { AddOptions, QueueItem } from '../queue/work-queue.ts';
import type { Controller, ReconcileResult } from './controller.ts';
import { mapEvents } from './event-mapping.ts';
import { OwnedObjects } from './owned-objects.ts';
import { Reconciler } from './reconciler.ts';
import type { ReconcileCall } from './reconciler.ts';
import { WriteBarrier } from './write-barrier.ts';

export interface RunnerOptions {
  readonly controller: Controller;
  readonly client: Client;
  readonly registry: InformerRegistry;
  readonly recorder: EventRecorder;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly resyncMs: number;
}

/** How long a worker waits for the cache before it turns to other keys. */
const barrierWaitMs = 1000;

/** Runs one controller: changes fill its queue from the beginning, workers empty it once started. */
export class ControllerRunner {
  readonly name: string;
  readonly scope: InformerScope;
  readonly #options: RunnerOptions;
  readonly #queue: WorkQueue;
  readonly #barrier: WriteBarrier;
  readonly #reconciler: Reconciler;
  readonly #metrics: ControllerMetrics;
  readonly #log: Log;
  readonly #running = new Map<string, number>();
  readonly #stopping = new AbortController();
  #workers: Promise<unknown> = Promise.resolve();
  #cancelResync: (() => void) | undefined;

  constructor(options: RunnerOptions) {
    const { controller, registry, clock, random, client, recorder } = options;
    const { minBackoffMs, maxBackoffMs, concurrency = 1 } = controller.options;
    this.name = controller.name;
    this.#options = options;
    this.#log = options.log.with({ controller: controller.name });
    this.#metrics = options.metrics.controller(controller.name, concurrency);
    this.#metrics.onRunning(() => [...this.#running.values()].map((since) => (clock.now() - since) / 1000));
    this.#queue = new WorkQueue({
      clock,
      observer: this.#metrics.queue,
      ...(minBackoffMs === undefined ? {} : { minBackoffMs }),
      ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
    });
    const fieldManager = controller.options.fieldManager ?? `reeve-${controller.name}`;
    this.scope = new InformerScope(registry, `controller ${controller.name}`);
    const read: Reader = scopedReader(this.scope);
    const owned = new OwnedObjects(this.scope, fieldManager);
    this.#barrier = new WriteBarrier(this.scope, clock);
    this.#reconciler = new Reconciler({
      controller,
      fieldManager,
      client,
      scope: this.scope,
      read,
      owned,
      barrier: this.#barrier,
      recorder,
      clock,
      random,
    });
    mapEvents({
      controller,
      scope: this.scope,
      read,
      owned,
      enqueue: (key, change) => this.enqueue(key, { priority: change.initial ? lowPriority : 0 }),
    });
  }

  enqueue(key: ObjectKey, options?: AddOptions): void {
    this.#queue.add(keyText(key), options);
  }

  depth(): number {
    return this.#queue.length;
  }

  idle(): boolean {
    return this.#queue.length === 0 && this.#queue.active === 0;
  }

  /** Starts the workers; the caches must be synced. */
  start(): void {
    const { concurrency = 1 } = this.#options.controller.options;
    this.#workers = Promise.all(Array.from({ length: concurrency }, () => this.#work()));
    this.#scheduleResync();
  }

  /** Hands out no more keys, lets what runs end, and aborts it after the grace period. */
  async stop(graceMs: number): Promise<void> {
    this.#cancelResync?.();
    this.#queue.close();
    const cancel = this.#options.clock.schedule(graceMs, () => {
      this.#log.warn('reconciles did not end in time and are aborted', { keys: [...this.#running.keys()] });
      this.#stopping.abort(new OperatorError('Stopped', 'the manager stops'));
    });
    await this.#workers;
    cancel();
  }

  #scheduleResync(): void {
    const { clock, random, resyncMs, controller } = this.#options;
    // Spread by a tenth, so that controllers do not all begin at once.
    this.#cancelResync = clock.schedule(resyncMs * (0.9 + random() / 5), () => {
      for (const key of this.scope.require(controller.resource).store.keys())
        this.#queue.add(key, { priority: lowPriority });
      this.#scheduleResync();
    });
  }

  async #work(): Promise<void> {
    for (let item = await this.#queue.get(); item !== undefined; item = await this.#queue.get()) {
      try {
        await this.#process(item);
      } finally {
        this.#queue.done(item.key);
      }
    }
  }

  async #process(item: QueueItem): Promise<void> {
    if (!(await this.#barrier.wait(item.key, barrierWaitMs))) {
      // The cache lags behind: other keys go on, this one waits.
      this.#queue.add(item.key, { afterMs: barrierWaitMs, priority: item.priority });
      return;
    }
    const { clock, random } = this.#options;
    const reconcileID = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, '0');
    const log = this.#log.with({ object: item.key, reconcileID });
    const begin = clock.now();
    this.#running.set(item.key, begin);
    this.#metrics.took(item.waitedMs / 1000);
    this.#metrics.started();
    const outcome = await this.#attempt(item, log);
    this.#running.delete(item.key);
    this.#metrics.finished(outcome, (clock.now() - begin) / 1000);
    log.debug('reconciled', { outcome, ms: clock.now() - begin });
  }

  async #attempt(item: QueueItem, log: Log): Promise<ReconcileOutcome> {
    try {
      return this.#succeeded(item, await this.#withTimeout(parseKey(item.key), log));
    } catch (error) {
      return this.#failed(item, log, error);
    }
  }

  /** The reconcile is always waited for, even when late: a key must never run twice at once. */
  async #withTimeout(key: ObjectKey, log: Log): Promise<ReconcileResult> {
    const { timeoutMs } = this.#options.controller.options;
    if (timeoutMs === undefined) return this.#reconciler.run({ key, log, signal: this.#stopping.signal });
    const late = new AbortController();
    const cancel = this.#options.clock.schedule(timeoutMs, () => {
      this.#metrics.timedOut();
      late.abort(new OperatorError('ReconcileTimeout', `reconciling ${keyText(key)} took longer than ${timeoutMs} ms`));
    });
    const call: ReconcileCall = { key, log, signal: AbortSignal.any([late.signal, this.#stopping.signal]) };
    try {
      const result = await this.#reconciler.run(call);
      late.signal.throwIfAborted();
      return result;
    } finally {
      cancel();
    }
  }

  #succeeded(item: QueueItem, { requeueAfterMs }: ReconcileResult): ReconcileOutcome {
    this.#queue.forget(item.key);
    if (requeueAfterMs === undefined) return 'success';
    this.#queue.add(item.key, { afterMs: Math.max(1, requeueAfterMs), priority: item.priority });
    return 'requeue_after';
  }

  #failed(item: QueueItem, log: Log, error: unknown): ReconcileOutcome {
    if (error instanceof TerminalError) {
      this.#metrics.terminalError();
      this.#queue.forget(item.key);
      log.error('reconciling failed for good; waiting for a change', { error });
      return 'error';
    }
    const retryMs = this.#queue.addFailed(item.key, item.priority);
    log.error('reconciling failed', { error, retryMs });
    return 'error';
  }
}
