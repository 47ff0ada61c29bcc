import type { Clock, KubeObject, ResourceDescriptor } from '@reeve/api';
import type { PolicyRule } from '@reeve/api/rbac/v1';
import type { Applied, Client, Stored } from '@reeve/kube';
import type { CacheOptions, Cached } from '../cache/cached.ts';
import type { Reader } from '../cache/reader.ts';
import type { Log } from '../log.ts';
import type { ObjectKey } from '../object-key.ts';
import type { StatusWriter } from '../status/status-writer.ts';
import type { Change, WatchSource } from './watch.ts';

/** When to look again; nothing means: at the next change. */
export interface ReconcileResult {
  readonly requeueAfterMs?: number;
}

type Outcome = ReconcileResult | void;

/** The status type of a kind. */
export type StatusOf<T> = T extends { readonly status?: infer S } ? NonNullable<S> : Record<string, never>;

export interface EventInput {
  readonly type?: 'Normal' | 'Warning';
  /** CamelCase, for programs. */
  readonly reason: string;
  /** What was done, CamelCase; default: the reason. */
  readonly action?: string;
  /** One sentence for people. */
  readonly note: string;
  readonly related?: KubeObject;
}

/** Who reports an event. */
export interface EventSource {
  /** `reportingController`. */
  readonly controller: string;
  /** The deprecated `source.component`; such events are written as core/v1, the only API that still takes it. */
  readonly component?: string;
}

export interface OwnOptions {
  /** Default: the controller's field manager. */
  readonly fieldManager?: string;
  /** Default true: takes fields over from others. */
  readonly force?: boolean;
}

/** What a reconcile of `Obj` (the object, or undefined when it may be gone) works with. */
export interface ReconcileContext<T extends KubeObject, Obj> {
  readonly key: ObjectKey;
  /** As cached: shared, never to be changed. */
  readonly obj: Obj;
  /**
   * Applies an object that belongs to `obj`: owner reference and namespace filled in, sent with the controller's field
   * manager, and only if it would change something.
   */
  readonly own: <C extends KubeObject>(
    resource: ResourceDescriptor<C>,
    desired: Applied<C>,
    options?: OwnOptions,
  ) => Promise<Stored<C>>;
  readonly read: Reader;
  /** Writes through this client hold back the next reconcile of the key until the cache has seen them. */
  readonly client: Client;
  readonly status: StatusWriter<StatusOf<T>>;
  readonly log: Log;
  /** Aborted on timeout and shutdown. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Records an event about `obj`. */
  readonly event: (event: EventInput) => void;
}

interface ControllerOptions<T extends KubeObject, Obj> {
  /** Names the queue, the metrics and, as `reeve-<name>`, the field manager. */
  readonly name: string;
  readonly fieldManager?: string;
  /** Who reports the events; default the manager's name. */
  readonly eventSource?: EventSource;
  /** Cache of the controller's own kind. */
  readonly cache?: CacheOptions<T>;
  /** Changes of the own kind that matter; default all. */
  when?(change: Change<T>): boolean;
  /** Kinds that `own` applies; a change of one reconciles its owner. */
  readonly owns?: readonly (ResourceDescriptor | Cached)[];
  readonly watches?: readonly WatchSource[];
  /** Kinds that are read from memory without their changes causing anything. */
  readonly reads?: readonly (ResourceDescriptor | Cached)[];
  /** What the reconciler needs beyond what the declarations imply. */
  readonly permissions?: readonly PolicyRule[];
  /** Keys reconciled at once; default 1. One key never runs twice at once. */
  readonly concurrency?: number;
  /** Aborts a reconcile that takes longer; default none. */
  readonly timeoutMs?: number;
  /** Delay after the first failure, doubled with each, up to `maxBackoffMs`. Default 100 ms to 5 min. */
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Default true: keeps `status.observedGeneration` and the standard conditions of kinds of `defineResource`. */
  readonly statusContract?: boolean;
  reconcile(context: ReconcileContext<T, Obj>): Promise<Outcome> | Outcome;
  /**
   * Cleans up outside of the cluster before the object goes: adds a finalizer, which is taken away once this returns
   * without `requeueAfterMs`.
   */
  finalize?(context: ReconcileContext<T, Stored<T>>): Promise<Outcome> | Outcome;
  /** The object is gone. */
  deleted?(
    context: Pick<ReconcileContext<T, undefined>, 'key' | 'read' | 'client' | 'log' | 'signal' | 'clock'>,
  ): Promise<Outcome> | Outcome;
}

/** For a controller that is called while its object exists. */
export interface ObjectController<T extends KubeObject> extends ControllerOptions<T, Stored<T>> {
  readonly missing?: 'skip';
}

/** For a controller that is also called, with `obj` undefined, after its object is gone. */
export interface KeyController<T extends KubeObject> extends ControllerOptions<T, Stored<T> | undefined> {
  readonly missing: 'reconcile';
}

/** A controller, ready to be added to a manager. */
export interface Controller {
  readonly name: string;
  readonly resource: ResourceDescriptor;
  readonly options: KeyController<KubeObject> | ObjectController<KubeObject>;
}

/**
 * Describes a controller of one kind: `reconcile` brings the world in line with the object, as often as it is called.
 * @example controller(App, { name: 'app', owns: [Deployment], async reconcile({ obj, own }) { await own(Deployment, …) } })
 */
export function controller<T extends KubeObject>(
  resource: ResourceDescriptor<T>,
  options: ObjectController<T>,
): Controller;
export function controller<T extends KubeObject>(
  resource: ResourceDescriptor<T>,
  options: KeyController<T>,
): Controller;
export function controller(
  resource: ResourceDescriptor,
  options: ObjectController<KubeObject> | KeyController<KubeObject>,
): Controller {
  return { name: options.name, resource, options };
}
