import type { Core } from '../parts.ts';
import { collectionOf } from '../operations/storage-form.ts';
import type { WriteRequest } from '../operations/operations.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { loopbackUser } from '../request/user.ts';
import { StatusError } from '../status-error.ts';
import type { Stored } from '../store/stored.ts';
import { metadataOf, type ObjectValue } from '../value.ts';
import { customResources } from './custom-resources.ts';
import { cleanupFinalizer, finalizersOf } from './definition-deletion.ts';
import { objectOf, readDefinition, textOf } from './definition-spec.ts';
import { isConditionTrue } from './definition-validation.ts';
import { setCondition, takenNames, updateStatus } from './definition-status.ts';
import { deepEqual } from './deep-equal.ts';

/** What a served definition was made from: another status alone changes nothing that clients see. */
interface Served {
  readonly group: string;
  readonly plural: string;
  readonly from: ObjectValue;
}

/**
 * Serves what CustomResourceDefinitions define: accepts their names, puts their resources into the registry, and takes
 * them out again once a deleted definition's objects are gone. Follows the store's events; polls nothing.
 */
class DefinitionController {
  readonly #core: Core;
  readonly #resource: ResourceInfo;
  readonly #served = new Map<string, Served>();
  readonly #leaving = new Set<string>();
  readonly #pending = new Set<string>();
  readonly #ends: (() => void)[] = [];
  /** Watches on the objects of definitions that are being deleted. */
  readonly #cleaning = new Map<string, () => void>();
  #running = false;

  constructor(core: Core, resource: ResourceInfo) {
    this.#core = core;
    this.#resource = resource;
  }

  start(): void {
    const collection = collectionOf(this.#resource);
    this.#ends.push(this.#core.store.subscribe(collection, ({ current, shown }) => this.#changed(shown.name, current)));
    for (const stored of this.#core.store.scan(collection)) this.#changed(stored.name, stored);
  }

  stop(): void {
    for (const end of [...this.#ends, ...this.#cleaning.values()]) end();
    this.#cleaning.clear();
  }

  /** Serving follows a write at once, so that a client that reads Established finds the resource. */
  #changed(name: string, stored: Stored | undefined): void {
    this.#serve(name, stored?.object());
    this.#enqueue(name);
    if (stored === undefined) this.#enqueueGroupOf(name);
  }

  #serve(name: string, definition: ObjectValue | undefined): void {
    const before = this.#served.get(name);
    if (definition !== undefined && metadataOf(definition)['deletionTimestamp'] !== undefined) this.#leaving.add(name);
    else this.#leaving.delete(name);
    const from = definition && servedFrom(definition);
    if (before && from && deepEqual(before.from, from)) return;
    const isTerminating = (): boolean => this.#leaving.has(name);
    const resources = definition === undefined ? [] : customResources(definition, isTerminating);
    const [first] = resources;
    if (from === undefined || first === undefined) {
      if (before) this.#core.registry.remove(before.group, before.plural);
      this.#served.delete(name);
      return;
    }
    this.#served.set(name, { group: first.group, plural: first.plural, from });
    if (before) this.#core.registry.remove(before.group, before.plural);
    this.#core.registry.add(...resources);
  }

  #enqueue(name: string): void {
    this.#pending.add(name);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#work());
  }

  /** A name that is free again may be what another definition waits for. */
  #enqueueGroupOf(name: string): void {
    const group = name.slice(name.indexOf('.') + 1);
    for (const definition of this.#all())
      if (readDefinition(definition).group === group) this.#enqueue(textOf(metadataOf(definition)['name']));
  }

  async #work(): Promise<void> {
    for (const name of this.#pending) {
      this.#pending.delete(name);
      try {
        await this.#reconcile(name);
      } catch (error) {
        this.#core.options.log?.(
          `the definition ${name} could not be served: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    this.#running = false;
  }

  #all(): ObjectValue[] {
    return this.#core.operations.list(this.#resource);
  }

  async #reconcile(name: string): Promise<void> {
    const definition = this.#core.operations.find(this.#resource, '', name);
    if (definition === undefined) return this.#stopCleaning(name);
    if (metadataOf(definition)['deletionTimestamp'] !== undefined) {
      if (finalizersOf(definition).includes(cleanupFinalizer)) await this.#cleanUp(name, definition);
      return;
    }
    const accepted = objectOf(objectOf(definition['status'])['acceptedNames']);
    await this.#updateStatus(name, (current) =>
      updateStatus(current, takenNames(current, this.#all()), this.#core.options.clock.now()),
    );
    const after = this.#core.operations.find(this.#resource, '', name);
    if (after && !deepEqual(accepted, objectOf(objectOf(after['status'])['acceptedNames']))) this.#enqueueGroupOf(name);
  }

  async #updateStatus(name: string, change: (definition: ObjectValue) => void): Promise<void> {
    await this.#update(name, 'status', change);
  }

  async #update(name: string, subresource: string, change: (definition: ObjectValue) => void): Promise<void> {
    try {
      await this.#core.operations.update(
        this.#resource,
        '',
        name,
        (current) => {
          const definition = current ?? {};
          change(definition);
          return definition;
        },
        this.#request(subresource),
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.code !== 404) throw error;
    }
  }

  #request(subresource: string): WriteRequest {
    return {
      user: loopbackUser,
      now: this.#core.options.clock.now(),
      dryRun: false,
      fieldManager: 'kube-apiserver',
      subresource,
      warn: () => {},
    };
  }

  /** Deletes a definition's objects; once none is left the definition may go. */
  async #cleanUp(name: string, definition: ObjectValue): Promise<void> {
    const [resource] = customResources(definition);
    const objects = resource ? this.#core.operations.list(resource) : [];
    if (resource && objects.length > 0) {
      this.#watchObjects(name, resource);
      await this.#terminating(name, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
      for (const object of objects) await this.#remove(resource, object);
      if (this.#core.operations.list(resource).length > 0) return;
    }
    this.#stopCleaning(name);
    await this.#terminating(name, 'False', 'InstanceDeletionCompleted', 'removed all instances');
    await this.#update(name, '', (current) => {
      metadataOf(current)['finalizers'] = finalizersOf(current).filter((finalizer) => finalizer !== cleanupFinalizer);
    });
  }

  async #terminating(name: string, status: 'True' | 'False', reason: string, message: string): Promise<void> {
    const now = this.#core.options.clock.now();
    await this.#updateStatus(name, (current) => {
      setCondition(current, { type: 'Terminating', status, reason, message }, now);
    });
  }

  async #remove(resource: ResourceInfo, object: ObjectValue): Promise<void> {
    const metadata = metadataOf(object);
    if (metadata['deletionTimestamp'] !== undefined) return;
    try {
      await this.#core.operations.remove(
        resource,
        textOf(metadata['namespace']),
        textOf(metadata['name']),
        {},
        this.#request(''),
      );
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.code !== 404) throw error;
    }
  }

  #watchObjects(name: string, resource: ResourceInfo): void {
    if (this.#cleaning.has(name)) return;
    const end = this.#core.store.subscribe(collectionOf(resource), ({ type }) => {
      if (type === 'DELETED') this.#enqueue(name);
    });
    this.#cleaning.set(name, end);
  }

  #stopCleaning(name: string): void {
    this.#cleaning.get(name)?.();
    this.#cleaning.delete(name);
  }
}

/** What a definition's resources depend on. */
function servedFrom(definition: ObjectValue): ObjectValue {
  const { acceptedNames = {} } = objectOf(definition['status']);
  const established = isConditionTrue(definition, 'Established');
  return { spec: definition['spec'] ?? {}, acceptedNames, established };
}

/** Starts serving definitions; the returned function ends it. */
export async function serveDefinitions(core: Core): Promise<() => void> {
  const resource = core.registry.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
  if (resource === undefined) return () => {};
  const controller = new DefinitionController(core, resource);
  controller.start();
  return () => controller.stop();
}
