import { sleep } from '@reeve/api';
import type { Clock, Random } from '@reeve/api';
import { Lease } from '@reeve/api/coordination/v1';
import { isConflict } from '@reeve/kube';
import type { Client, ResourceClient, Stored } from '@reeve/kube';
import { sameJSON } from '../equality.ts';
import type { Log } from '../log.ts';
import { OperatorError } from '../operator-error.ts';
import { heldBy, released } from './lease-record.ts';
import type { LeaderElectionOptions } from './manager.ts';

export interface ElectorOptions {
  readonly election: LeaderElectionOptions;
  readonly identity: string;
  readonly client: Client;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

/** client-go stretches the waits of those who want to lead by up to 1.2 times, so that they do not collide. */
const jitter = 1.2;

/**
 * Leader election by Lease, as client-go does it. Others' clocks are never trusted: a lease has run out when its record
 * has not changed for its own duration on our clock.
 */
export class LeaderElector {
  readonly #options: ElectorOptions;
  readonly #api: ResourceClient<Lease>;
  readonly #durationMs: number;
  readonly #deadlineMs: number;
  readonly #retryMs: number;
  #seen: Stored<Lease> | undefined;
  #seenAt = 0;
  #renewedAt = 0;
  #leading = false;

  constructor(options: ElectorOptions) {
    const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000, namespace } = options.election;
    if (leaseDurationMs <= renewDeadlineMs || renewDeadlineMs <= retryPeriodMs * jitter) {
      throw new OperatorError(
        'ControllerInvalid',
        `leader election needs leaseDurationMs > renewDeadlineMs > ${jitter} × retryPeriodMs, not ${leaseDurationMs}, ${renewDeadlineMs}, ${retryPeriodMs}`,
      );
    }
    this.#options = options;
    this.#api = options.client.of(Lease).in(namespace);
    this.#durationMs = leaseDurationMs;
    this.#deadlineMs = renewDeadlineMs;
    this.#retryMs = retryPeriodMs;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** Throws when this process believes to lead although its lease has run out. */
  check(): void {
    if (this.#leading && this.#options.clock.now() - this.#renewedAt > this.#durationMs) {
      throw new OperatorError('LeaseLost', 'the lease has run out and could not be renewed');
    }
  }

  /** Resolves once this process leads; rejects when the signal aborts. */
  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, random, log, identity } = this.#options;
    log.info('waiting for the lease', { identity });
    while (!(await this.#try(signal))) {
      await sleep(clock, this.#retryMs * (1 + random() * jitter), signal);
    }
    this.#leading = true;
    log.info('leading', { identity });
  }

  /** Keeps the lease until the signal aborts; rejects when it could not be renewed in time. */
  async hold(signal: AbortSignal): Promise<void> {
    const { clock, identity } = this.#options;
    while (!signal.aborted) {
      await sleep(clock, this.#retryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (await this.#try(signal)) continue;
      const holder = this.#seen?.spec?.holderIdentity ?? '';
      const taken = holder !== '' && holder !== identity;
      if (!taken && clock.now() - this.#renewedAt < this.#deadlineMs) continue;
      this.#leading = false;
      throw new OperatorError(
        'LeaseLost',
        `the lease could not be renewed for ${this.#deadlineMs} ms: another process may lead now`,
      );
    }
  }

  /** Gives the lease up, so that the next leader need not wait for it to run out. */
  async release(): Promise<void> {
    const { clock, log, identity } = this.#options;
    if (!this.#leading) return;
    this.#leading = false;
    for (let tries = 0; tries < 3; tries += 1) {
      try {
        const lease = await this.#api.find(this.#options.election.name, { timeoutMs: this.#retryMs });
        if (lease?.spec?.holderIdentity !== identity) return;
        await this.#api.update({ ...lease, spec: released(clock.now(), lease.spec) }, { timeoutMs: this.#retryMs });
        return;
      } catch (error) {
        if (isConflict(error)) continue;
        log.warn('the lease could not be released; the next leader waits until it runs out', { error });
        return;
      }
    }
  }

  /** One attempt to get or keep the lease. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    const begin = clock.now();
    try {
      if (!(await this.#write(signal))) return false;
      // Counted from before the request: nobody else can have begun to count later.
      this.#renewedAt = begin;
      return true;
    } catch (error) {
      if (!signal.aborted && !isConflict(error))
        log.warn('the lease cannot be read or written; trying again', { error });
      // Somebody wrote it meanwhile: look again next time.
      if (isConflict(error)) this.#seen = undefined;
      return false;
    }
  }

  async #write(signal: AbortSignal): Promise<boolean> {
    const { identity, clock, election } = this.#options;
    // A leader must know by its deadline that it is none any more, even when no answer comes at all.
    const left = this.#renewedAt + this.#deadlineMs - clock.now();
    const call = { signal, timeoutMs: this.#leading ? Math.max(1, left) : this.#deadlineMs / 2 };
    // A leader need not read what nobody else may have changed: the version tells.
    const lease = this.#leading && this.#seen !== undefined ? this.#seen : await this.#api.find(election.name, call);
    const now = clock.now();
    const spec = heldBy(identity, this.#durationMs, now, lease?.spec);
    if (lease === undefined) {
      const metadata = { name: election.name, namespace: election.namespace };
      this.#observe(await this.#api.create({ metadata, spec }, call));
      return true;
    }
    this.#observe(lease);
    if (!this.#isFree(lease, now)) return false;
    this.#observe(await this.#api.update({ ...lease, spec }, call));
    return true;
  }

  #observe(lease: Stored<Lease>): void {
    if (this.#seen !== undefined && sameJSON(this.#seen.spec, lease.spec)) {
      this.#seen = lease;
      return;
    }
    this.#seen = lease;
    this.#seenAt = this.#options.clock.now();
  }

  #isFree(lease: Stored<Lease>, now: number): boolean {
    const { holderIdentity = '', leaseDurationSeconds = 0 } = lease.spec ?? {};
    if (holderIdentity === '' || holderIdentity === this.#options.identity) return true;
    return now - this.#seenAt >= leaseDurationSeconds * 1000;
  }
}
