import { formatTime, sleep } from '@reeve/api';
import type { Clock, KubeObject, Random } from '@reeve/api';
import { Event as CoreEvent } from '@reeve/api/core/v1';
import type { ObjectReference } from '@reeve/api/core/v1';
import { Event } from '@reeve/api/events/v1';
import { ApiError, isNotFound } from '@reeve/kube';
import type { Client } from '@reeve/kube';
import type { EventInput, EventSource } from '../controller/controller.ts';
import type { Log } from '../log.ts';
import { microTimeText } from '../time-text.ts';
import { identityText, tokenBucket } from './event-series.ts';
import type { EventIdentity, TokenBucket } from './event-series.ts';

/** Writes events in the background; a reconcile never waits for one. */
export interface EventRecorder {
  /** `source` reports it; default: the recorder's controller. */
  record(regarding: KubeObject, input: EventInput, source?: EventSource): void;
  /** Writes what is waiting, then stops. */
  close(): Promise<void>;
}

export interface EventRecorderOptions {
  readonly client: Client;
  /** `reportingController` and `reportingInstance`. */
  readonly controller: string;
  readonly instance: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

interface Series {
  readonly namespace: string;
  readonly name: string;
  /** Written as core/v1. */
  readonly isCore: boolean;
  count: number;
  lastAt: number;
  /** The count that the server knows. */
  written: number;
  writtenAt: number;
}

const maxWaiting = 1000;
const maxTries = 12;
const retryMs = 10_000;
/** A series ends after six quiet minutes; a long one is brought up to date every thirty (client-go's times). */
const seriesIdleMs = 6 * 60_000;
const seriesRefreshMs = 30 * 60_000;
/** Per object: 25 events at once, then one in five minutes. */
const burst = 25;
const msPerEvent = 300_000;

function referenceTo(object: KubeObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata ?? {};
  const { apiVersion, kind } = object;
  return { apiVersion, kind, name, namespace, uid, resourceVersion } as ObjectReference;
}

/** Makes a recorder. Equal events become one with a count (events.k8s.io series). */
export class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #tasks: (() => Promise<void>)[] = [];
  #working: Promise<void> | undefined;
  #cancelSweep: (() => void) | undefined;
  #closed = new AbortController();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(regarding: KubeObject, input: EventInput, source?: EventSource): void {
    const { clock, controller } = this.#options;
    const now = clock.now();
    const { type = 'Normal', reason, action = reason, note, related } = input;
    const identity: EventIdentity = {
      type,
      reason,
      action,
      note,
      regarding,
      related,
      source: source ?? { controller },
    };
    const key = identityText(identity);
    const series = this.#series.get(key);
    if (series !== undefined) {
      series.count += 1;
      series.lastAt = now;
      // The second occurrence makes a series of it; the sweep brings later ones.
      if (series.written === 1) this.#enqueue(() => this.#writeCount(series));
      return;
    }
    if (!this.#bucketOf(regarding).take(now)) return;
    this.#begin(key, identity, now);
  }

  async close(): Promise<void> {
    this.#cancelSweep?.();
    for (const series of this.#series.values()) {
      if (series.count > series.written) this.#enqueue(() => this.#writeCount(series));
    }
    this.#closed.abort();
    await this.#working;
  }

  #bucketOf(regarding: KubeObject): TokenBucket {
    const uid = regarding.metadata?.uid ?? '';
    const bucket = this.#buckets.get(uid) ?? tokenBucket(burst, msPerEvent);
    this.#buckets.set(uid, bucket);
    return bucket;
  }

  #begin(key: string, identity: EventIdentity, now: number): void {
    const { random } = this.#options;
    const { name: about = '', namespace = 'default' } = identity.regarding.metadata ?? {};
    const suffix = `${now.toString(16)}${Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}`;
    const name = `${about.slice(0, 200)}.${suffix}`;
    const isCore = identity.source.component !== undefined;
    const series: Series = { namespace, name, isCore, count: 1, lastAt: now, written: 0, writtenAt: now };
    this.#series.set(key, series);
    this.#enqueue(async () => {
      await this.#create(series, identity, now);
      series.written = 1;
      if (series.count > 1) await this.#writeCount(series);
    });
    this.#scheduleSweep();
  }

  async #create({ namespace, name }: Series, identity: EventIdentity, now: number): Promise<void> {
    const { client, instance } = this.#options;
    const { type, reason, action, source, related } = identity;
    const shared = {
      metadata: { name, namespace },
      eventTime: microTimeText(now),
      reportingInstance: instance.slice(0, 128),
      type,
      reason,
      action,
      ...(related === undefined ? {} : { related: referenceTo(related) }),
    };
    const regarding = referenceTo(identity.regarding);
    const note = identity.note.slice(0, 1024);
    const { controller, component } = source;
    if (component === undefined) {
      const event = { ...shared, reportingController: controller, regarding, note };
      await client.of(Event).in(namespace).create(event);
    } else {
      const times = { firstTimestamp: formatTime(now), lastTimestamp: formatTime(now), count: 1 };
      const told = { involvedObject: regarding, message: note, reportingComponent: controller, source: { component } };
      await client
        .of(CoreEvent)
        .in(namespace)
        .create({ ...shared, ...times, ...told });
    }
  }

  async #writeCount(series: Series): Promise<void> {
    const { namespace, name, count, lastAt } = series;
    if (count <= series.written) return;
    const merge = { series: { count, lastObservedTime: microTimeText(lastAt) } };
    const { client } = this.#options;
    if (series.isCore)
      await client
        .of(CoreEvent)
        .in(namespace)
        .patch(name, { merge: { ...merge, count, lastTimestamp: formatTime(lastAt) } });
    else await client.of(Event).in(namespace).patch(name, { merge });
    series.written = count;
    series.writtenAt = lastAt;
  }

  #scheduleSweep(): void {
    if (this.#cancelSweep !== undefined || this.#closed.signal.aborted) return;
    this.#cancelSweep = this.#options.clock.schedule(seriesIdleMs, () => {
      this.#cancelSweep = undefined;
      this.#sweep();
      if (this.#series.size > 0) this.#scheduleSweep();
      else this.#buckets.clear();
    });
  }

  #sweep(): void {
    const now = this.#options.clock.now();
    for (const [key, series] of this.#series) {
      const over = now - series.lastAt >= seriesIdleMs;
      const outdated = now - series.writtenAt >= seriesRefreshMs;
      if (series.count > series.written && (over || outdated)) this.#enqueue(() => this.#writeCount(series));
      if (over) this.#series.delete(key);
    }
  }

  #enqueue(task: () => Promise<void>): void {
    if (this.#tasks.length >= maxWaiting || this.#closed.signal.aborted) return;
    this.#tasks.push(task);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) await this.#attempt(task);
    this.#working = undefined;
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    const { log, clock } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        await task();
        return;
      } catch (error) {
        // An event whose namespace is being deleted, or that was forgotten meanwhile, is not worth more.
        const hopeless = error instanceof ApiError && error.code < 500 && error.code !== 429;
        if (hopeless || tries === maxTries || this.#closed.signal.aborted) {
          if (!isNotFound(error)) log.warn('an event could not be written', { error });
          return;
        }
        await sleep(clock, retryMs, this.#closed.signal).catch(() => undefined);
      }
    }
  }
}
