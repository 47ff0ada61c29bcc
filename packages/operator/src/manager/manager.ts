import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import type { PolicyRule } from '@reeve/api/rbac/v1';
import type { Client } from '@reeve/kube';
import type { CacheOptions } from '../cache/cached.ts';
import type { Informer } from '../cache/informer.ts';
import type { Reader } from '../cache/reader.ts';
import type { Controller } from '../controller/controller.ts';
import type { Log } from '../log.ts';
import type { ObjectKey } from '../object-key.ts';

export interface LeaderElectionOptions {
  /** Name and namespace of the Lease. */
  readonly name: string;
  readonly namespace: string;
  /** Default: host name and a random part. */
  readonly identity?: string;
  /** Default 15 s, 10 s and 2 s, as client-go. */
  readonly leaseDurationMs?: number;
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
}

export interface ManagerOptions {
  readonly client: Client;
  /** Names the manager in events (`reportingController`) and logs. */
  readonly name: string;
  /** This process, in events; default: the host name. */
  readonly instance?: string;
  /** Default: the client's. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: JSON lines on standard output. */
  readonly log?: Log;
  readonly leaderElection?: LeaderElectionOptions;
  /** Serves `/metrics` here; 0 picks a free port. */
  readonly metricsPort?: number;
  /** Serves `/healthz` and `/readyz` here; 0 picks a free port. */
  readonly healthPort?: number;
  /** Interface for both; default all. */
  readonly host?: string;
  /** How long running reconciles may take to end at a stop; default 30 s. */
  readonly gracePeriodMs?: number;
  /** How long the caches may take to fill before the start fails; default 2 min. */
  readonly syncTimeoutMs?: number;
  /** Every cached object is reconciled again after about this long; default 10 h. */
  readonly resyncMs?: number;
}

/** Something else with a life, started and stopped with the controllers. */
export interface Runnable {
  readonly name: string;
  /** Default true: runs only while leading. */
  readonly leaderOnly?: boolean;
  /** Runs until the signal aborts. */
  run(context: { readonly signal: AbortSignal; readonly log: Log }): Promise<void>;
}

export interface ControllerHandle {
  /** Reconciles a key, now or later, for a reason outside of the API. */
  enqueue(key: ObjectKey, options?: { readonly afterMs?: number; readonly priority?: number }): void;
  /** Keys that wait. */
  depth(): number;
  /** Nothing waits, runs or is due now. */
  idle(): boolean;
}

/** Runs controllers over shared caches, one leader at a time. */
export interface Manager {
  add(controller: Controller): ControllerHandle;
  addRunnable(runnable: Runnable): void;
  /** Fails `/readyz` (or `/healthz`) while it throws. */
  addCheck(name: string, check: () => void | Promise<void>, kind?: 'ready' | 'health'): void;
  /** Resolves when the manager has stopped: by `stop`, by the signal, or rejects when the lease is lost. */
  start(signal?: AbortSignal): Promise<void>;
  /** Stops in order: queues, running reconciles, informers, lease. */
  stop(): Promise<void>;
  /** Resolves when caches are synced and workers run. */
  whenRunning(): Promise<void>;
  /** True while this process holds the lease (always, without leader election). */
  readonly leading: boolean;
  /** A reader over everything the manager caches. */
  readonly read: Reader;
  /** Keeps a resource in memory outside of any controller, also while running; `stop` ends it. */
  cache<T extends KubeObject>(resource: ResourceDescriptor<T>, cache?: CacheOptions<T>): Informer<T>;
  /** Exactly what the declared controllers need. */
  permissions(): readonly PolicyRule[];
  /** The metrics in Prometheus text format. */
  metrics(): Promise<string>;
  /** Ports in use, once started. */
  readonly ports: { readonly metrics?: number; readonly health?: number };
}
