import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Clock, KubeObject, Random, ResourceDescriptor } from '@reeve/api';
import type { Client, ResourceClient, Stored } from '@reeve/kube';
import type { InformerScope } from '../cache/informer-registry.ts';
import type { Reader } from '../cache/reader.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { Log } from '../log.ts';
import type { ObjectKey } from '../object-key.ts';
import { keyText } from '../object-key.ts';
import { OperatorError, TerminalError } from '../operator-error.ts';
import { draftStatus } from '../status/status-draft.ts';
import type { StatusDraft } from '../status/status-draft.ts';
import { statusOf, statusPort } from '../status/status-port.ts';
import type { Controller, KeyController, ReconcileContext, ReconcileResult } from './controller.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizer.ts';
import type { OwnedObjects } from './owned-objects.ts';
import { trackedClient } from './tracked-client.ts';
import type { WriteBarrier } from './write-barrier.ts';

export interface ReconcilerOptions {
  readonly controller: Controller;
  readonly fieldManager: string;
  readonly client: Client;
  readonly scope: InformerScope;
  readonly read: Reader;
  readonly owned: OwnedObjects;
  readonly barrier: WriteBarrier;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
}

/** One call for one key. */
export interface ReconcileCall {
  readonly key: ObjectKey;
  readonly log: Log;
  readonly signal: AbortSignal;
}

type Context<Obj> = ReconcileContext<KubeObject, Obj>;
type Outcome = ReconcileResult | void;

const tracer = trace.getTracer('@reeve/operator');

/** Brings one object in line: reads it, calls the reconciler with all it needs, writes the status. */
export class Reconciler {
  readonly #options: ReconcilerOptions;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Reconciles in a span of its own. */
  run(call: ReconcileCall): Promise<ReconcileResult> {
    const { controller } = this.#options;
    const attributes = { controller: controller.name, 'k8s.object': keyText(call.key) };
    return tracer.startActiveSpan(`reconcile ${controller.resource.kind}`, { attributes }, async (span) => {
      try {
        return (await this.#reconcile(call)) ?? {};
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  async #reconcile(call: ReconcileCall): Promise<Outcome> {
    const { controller, barrier, client, scope } = this.#options;
    const tracked = trackedClient(client, (write) => barrier.record(keyText(call.key), write));
    const object = scope.require(controller.resource).store.get(keyText(call.key));
    if (object === undefined) return this.#missing(call, tracked);
    const { options } = controller;
    if (options.finalize !== undefined && object.metadata.deletionTimestamp !== undefined) {
      return this.#finalize(call, tracked, object);
    }
    const kept = options.finalize === undefined ? object : await this.#keep(tracked, object);
    return this.#present(call, tracked, kept);
  }

  async #missing(call: ReconcileCall, client: Client): Promise<Outcome> {
    const { options } = this.#options.controller;
    const { key, log, signal } = call;
    const { read, clock } = this.#options;
    if (options.missing === 'reconcile') return options.reconcile(this.#contextWithout(call, client));
    return options.deleted?.({ key, log, signal, read, client, clock });
  }

  /** The object must not go before its clean-up. */
  #keep(client: Client, object: Stored<KubeObject>): Promise<Stored<KubeObject>> {
    const finalizer = this.#finalizer();
    if (hasFinalizer(object, finalizer)) return Promise.resolve(object);
    return addFinalizer(this.#api(client, object), object, finalizer);
  }

  async #finalize(call: ReconcileCall, client: Client, object: Stored<KubeObject>): Promise<Outcome> {
    const { options } = this.#options.controller;
    const finalizer = this.#finalizer();
    if (!hasFinalizer(object, finalizer)) return undefined;
    const status = this.#draft(client, object);
    const context = this.#context(call, client, object, status);
    const result = await this.#explained(call, status, () => options.finalize?.(context));
    if (result?.requeueAfterMs !== undefined) {
      await status.flush();
      return result;
    }
    await removeFinalizer(this.#api(client, object), object, finalizer);
    return undefined;
  }

  async #present(call: ReconcileCall, client: Client, object: Stored<KubeObject>): Promise<Outcome> {
    const status = this.#draft(client, object);
    const contract = this.#contract();
    if (contract && !status.hasReady) {
      status.reconciling('Starting', 'The operator has seen this object and starts working on it.');
      await status.flush();
    }
    const { options } = this.#options.controller;
    const context = this.#context(call, client, object, status);
    const result = await this.#explained(call, status, () => (options as KeyController<KubeObject>).reconcile(context));
    if (contract) status.observed();
    await status.flush();
    return result;
  }

  /** A failure is on record in the status before it goes on its way. */
  async #explained(
    call: ReconcileCall,
    status: StatusDraft<Record<string, never>>,
    work: () => Promise<Outcome> | Outcome,
  ): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      if (this.#contract()) explain(status, error);
      await status
        .flush()
        .catch((cause: unknown) => call.log.warn('the status could not be written', { error: cause }));
      throw error;
    }
  }

  #contextWithout(call: ReconcileCall, client: Client): Context<undefined> {
    const { resource } = this.#options.controller;
    const gone = (what: string): OperatorError =>
      new OperatorError(
        'ObjectGone',
        `${what} needs an object, but ${resource.kind} ${keyText(call.key)} is gone: check obj first`,
      );
    const status = draftStatus<Record<string, never>>({
      present: undefined,
      generation: undefined,
      now: () => this.#options.clock.now(),
      write: () => Promise.reject(gone('status')),
    });
    return {
      ...this.#shared(call, client),
      obj: undefined,
      status,
      own: () => Promise.reject(gone('own')),
      event: () => {
        throw gone('event');
      },
    };
  }

  #context(
    call: ReconcileCall,
    client: Client,
    obj: Stored<KubeObject>,
    status: StatusDraft<Record<string, never>>,
  ): Context<Stored<KubeObject>> {
    const { controller, owned, recorder } = this.#options;
    return {
      ...this.#shared(call, client),
      obj,
      status,
      own: (resource, desired, options = {}) =>
        owned.own({ client, ownerResource: controller.resource, owner: obj, resource, desired, options }),
      event: (event) => recorder.record(obj, event, controller.options.eventSource),
    };
  }

  #shared(
    { key, log, signal }: ReconcileCall,
    client: Client,
  ): Pick<Context<never>, 'key' | 'log' | 'signal' | 'client' | 'read' | 'clock'> {
    return { key, log, signal, client, read: this.#options.read, clock: this.#options.clock };
  }

  #draft(client: Client, object: Stored<KubeObject>): StatusDraft<Record<string, never>> {
    const { controller, fieldManager, clock } = this.#options;
    const { resource } = controller;
    return draftStatus({
      present: statusOf(object),
      generation: object.metadata.generation,
      now: () => clock.now(),
      write: statusPort({ client, resource, object, fieldManager, sole: this.#contract() }),
    });
  }

  /** Kinds of `defineResource` follow the status contract. */
  #contract(): boolean {
    const { resource, options } = this.#options.controller;
    return options.statusContract ?? isDefined(resource);
  }

  #finalizer(): string {
    const { resource, name } = this.#options.controller;
    return `${resource.group === '' ? 'reeve.dev' : resource.group}/${name}`;
  }

  #api(client: Client, object: Stored<KubeObject>): ResourceClient<KubeObject> {
    const { resource } = this.#options.controller;
    const { namespace } = object.metadata;
    return namespace === undefined ? client.of(resource) : client.of(resource).in(namespace);
  }
}

function isDefined(resource: ResourceDescriptor): boolean {
  return 'defined' in resource && resource.defined === true;
}

/** A failure is shown where people look: in the conditions. */
function explain(status: StatusDraft<Record<string, never>>, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TerminalError) status.stalled('Failed', message);
  else status.condition({ type: 'Reconciling', status: 'True', reason: 'Retrying', message });
}
