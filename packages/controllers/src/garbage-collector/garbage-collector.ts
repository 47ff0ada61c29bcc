import { parseAPIVersion, sleep } from '@reeve/api';
import type { Clock, OwnerReference } from '@reeve/api';
import { discoverResources, isConflict, isNotFound } from '@reeve/kube';
import type { APIResource, Client, Stored } from '@reeve/kube';
import type { Log, Runnable } from '@reeve/operator';
import { listMetadata } from '../metadata-list.ts';
import { decide, FOREGROUND, ORPHAN, OwnershipGraph } from './ownership-graph.ts';
import type { GraphNode, Ownership, OwnerState } from './ownership-graph.ts';

const DISCOVERY_MS = 2000;
const RETRY_MS = 1000;

/** Deletes what nobody owns any more, in all three propagation modes, for every kind that the server has. */
export function garbageCollector(client: Client): Runnable {
  return {
    name: 'garbage-collector',
    run: ({ signal, log }) => new Collector(client, client.clock, log, signal).run(),
  };
}

class Collector {
  readonly #graph = new OwnershipGraph();
  readonly #watched = new Map<string, AbortController>();
  readonly #pending = new Set<string>();
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  #resources: readonly APIResource[] = [];
  #wake: () => void = () => undefined;

  constructor(client: Client, clock: Clock, log: Log, signal: AbortSignal) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const follow = this.#followDiscovery();
    while (!this.#signal.aborted) {
      const [uid] = this.#pending;
      if (uid === undefined) {
        await this.#woken();
        continue;
      }
      this.#pending.delete(uid);
      await this.#process(uid).catch((error: unknown) => this.#retryLater(uid, error));
    }
    await follow;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #enqueue(uid: string): void {
    this.#pending.add(uid);
    this.#wake();
  }

  #retryLater(uid: string, error: unknown): void {
    if (!isConflict(error)) this.#log.warn('cannot collect an object yet', { uid, error: String(error) });
    this.#clock.schedule(RETRY_MS, () => this.#enqueue(uid));
  }

  async #followDiscovery(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#discover().catch((error: unknown) => this.#log.warn('discovery failed', { error: String(error) }));
      await sleep(this.#clock, DISCOVERY_MS, this.#signal).catch(() => undefined);
    }
  }

  async #discover(): Promise<void> {
    const found = await discoverResources(this.#client);
    this.#resources = found;
    const watchable = found.filter(
      ({ verbs, plural }) => verbs.includes('watch') && verbs.includes('delete') && plural !== 'events',
    );
    const names = new Set(watchable.map(nameOf));
    for (const [name, controller] of this.#watched) {
      if (names.has(name)) continue;
      controller.abort();
      this.#watched.delete(name);
    }
    for (const resource of watchable.filter((candidate) => !this.#watched.has(nameOf(candidate)))) {
      const controller = new AbortController();
      this.#watched.set(nameOf(resource), controller);
      void this.#watch(resource, AbortSignal.any([controller.signal, this.#signal]));
    }
  }

  /** Lists and watches one resource until it goes; a relist finds what a gap has hidden. */
  async #watch(resource: APIResource, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const { items, resourceVersion } = await listMetadata(this.#client.of(resource), signal);
        const seen = new Set(items.map((item) => item.metadata.uid));
        for (const item of items) this.#observe(resource, item);
        for (const node of this.#graph.of(resource)) if (!seen.has(node.metadata.uid)) this.#forget(node.metadata.uid);
        this.#recheckDependents(resource, seen);
        for await (const event of this.#client.of(resource).watch({ resourceVersion, metadataOnly: true, signal })) {
          if (event.type === 'DELETED') this.#forget(event.object.metadata.uid);
          else if (event.type !== 'BOOKMARK') this.#observe(resource, event.object);
        }
      } catch {
        await sleep(this.#clock, RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  /** Owners that went before their kind was watched have left no event: look at what names one that is not there. */
  #recheckDependents({ kind, group }: APIResource, present: ReadonlySet<string>): void {
    for (const uid of this.#graph.dependentsOfKind(
      (owner) => owner.kind === kind && parseAPIVersion(owner.apiVersion).group === group && !present.has(owner.uid),
    ))
      this.#enqueue(uid);
  }

  #observe(resource: APIResource, object: Pick<Stored<object>, 'metadata'>): void {
    const metadata = ownershipOf(object);
    const { uid, deletionTimestamp, finalizers = [], ownerReferences = [] } = metadata;
    this.#graph.set({ resource, metadata });
    const isGoing = deletionTimestamp !== undefined && (finalizers.includes(ORPHAN) || finalizers.includes(FOREGROUND));
    if (ownerReferences.length > 0 || isGoing) this.#enqueue(uid);
    for (const owner of ownerReferences)
      if (this.#graph.get(owner.uid)?.metadata.deletionTimestamp !== undefined) this.#enqueue(owner.uid);
  }

  #forget(uid: string): void {
    const node = this.#graph.get(uid);
    this.#graph.delete(uid);
    for (const dependent of this.#graph.dependentsOf(uid)) this.#enqueue(dependent.metadata.uid);
    for (const owner of node?.metadata.ownerReferences ?? []) this.#enqueue(owner.uid);
  }

  async #process(uid: string): Promise<void> {
    const seen = this.#graph.get(uid);
    if (!seen) return;
    const live = await this.#collection(seen).find(seen.metadata.name);
    if (live?.metadata.uid !== uid) return this.#forget(uid);
    const node: GraphNode = { resource: seen.resource, metadata: live.metadata };
    const owners = await Promise.all(
      (live.metadata.ownerReferences ?? []).map(async (owner) => [owner, await this.#stateOf(owner, node)] as const),
    );
    await this.#act(node, decide(node, owners, this.#graph.dependentsOf(uid)));
  }

  #collection({ resource, metadata }: GraphNode): ReturnType<ReturnType<Client['of']>['in']> {
    const api = this.#client.of(resource);
    return resource.namespaced ? api.in(metadata.namespace ?? '') : api;
  }

  /** Looks the owner up live: the watches may be behind. */
  async #stateOf(owner: OwnerReference, node: GraphNode): Promise<OwnerState> {
    const { group, version } = parseAPIVersion(owner.apiVersion);
    const resource = this.#resources.find((candidate) => candidate.kind === owner.kind && candidate.group === group);
    if (!resource) return 'unknown-kind';
    if (resource.namespaced && !node.resource.namespaced) return 'unknown-kind';
    const metadata = {
      name: owner.name,
      ...(node.metadata.namespace === undefined ? {} : { namespace: node.metadata.namespace }),
    };
    const at = { resource: { ...resource, version }, metadata: { ...node.metadata, ...metadata } };
    const found = await this.#collection(at).find(owner.name);
    if (found?.metadata.uid !== owner.uid) return 'absent';
    const isForeground =
      found.metadata.deletionTimestamp !== undefined && found.metadata.finalizers?.includes(FOREGROUND);
    return isForeground ? 'foreground' : 'present';
  }

  async #act(node: GraphNode, decision: ReturnType<typeof decide>): Promise<void> {
    const { uid, name, resourceVersion, finalizers = [], ownerReferences = [] } = node.metadata;
    switch (decision.kind) {
      case 'nothing':
        return;
      case 'orphan-dependents':
        for (const dependent of this.#graph.dependentsOf(uid)) await this.#dropOwners(dependent, [uid]);
        return this.#patch(node, { uid, resourceVersion, finalizers: finalizers.filter((other) => other !== ORPHAN) });
      case 'delete-dependents':
        for (const { metadata } of this.#graph.dependentsOf(uid)) this.#enqueue(metadata.uid);
        return;
      case 'finish-foreground':
        return this.#patch(node, {
          uid,
          resourceVersion,
          finalizers: finalizers.filter((other) => other !== FOREGROUND),
        });
      case 'delete':
        await this.#collection(node)
          .delete(name, { preconditions: { uid, resourceVersion }, propagationPolicy: decision.propagation })
          .catch(ignoreGone);
        return;
      case 'drop-owners': {
        const gone = new Set(decision.owners.map((owner) => owner.uid));
        return this.#patch(node, {
          uid,
          resourceVersion,
          ownerReferences: ownerReferences.filter((owner) => !gone.has(owner.uid)),
        });
      }
      default:
        return decision satisfies never;
    }
  }

  async #dropOwners(dependent: GraphNode, uids: readonly string[]): Promise<void> {
    const { uid, ownerReferences = [] } = dependent.metadata;
    await this.#patch(dependent, {
      uid,
      ownerReferences: ownerReferences.filter((owner) => !uids.includes(owner.uid)),
    });
  }

  async #patch(node: GraphNode, metadata: object): Promise<void> {
    await this.#collection(node).patch(node.metadata.name, { merge: { metadata } }).catch(ignoreGone);
  }
}

/** Only what decisions need, so that labels, annotations and managed fields of the whole cluster are not kept. */
function ownershipOf({ metadata }: Pick<Stored<object>, 'metadata'>): Ownership {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, finalizers, ownerReferences } = metadata;
  return {
    name,
    uid,
    resourceVersion,
    ...(namespace === undefined ? {} : { namespace }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
}

const nameOf = ({ group, plural }: APIResource): string => `${plural}.${group}`;

function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
