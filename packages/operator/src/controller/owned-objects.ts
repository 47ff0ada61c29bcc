import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { Applied, Client, Stored } from '@reeve/kube';
import type { Informer } from '../cache/informer.ts';
import type { InformerScope } from '../cache/informer-registry.ts';
import { resourceId } from '../cache/informer-registry.ts';
import { keyText } from '../object-key.ts';
import { OperatorError } from '../operator-error.ts';
import type { OwnOptions } from './controller.ts';
import { controllerOf, controllerReference } from './owner.ts';
import { fingerprint, project } from './projection.ts';
import { encodedSecret } from './secret-data.ts';

/** What was last applied to an object, and what the server made of it. */
interface Applying {
  readonly uid: string;
  readonly version: string;
  readonly desired: string;
  readonly result: string;
}

/** One call of `own`. */
export interface OwnRequest<C extends KubeObject> {
  readonly client: Client;
  readonly ownerResource: ResourceDescriptor;
  readonly owner: Stored<KubeObject>;
  readonly resource: ResourceDescriptor<C>;
  readonly desired: Applied<C>;
  readonly options: OwnOptions;
}

/** The part of an object that its cache keeps. */
function asCached(informer: Informer<KubeObject>, object: Stored<KubeObject>): object {
  const { transform, metadataOnly } = informer.cache;
  if (metadataOnly === true) return { metadata: object.metadata, generation: object.metadata.generation };
  return transform?.(object) ?? object;
}

/**
 * Applies the objects that a controller owns, and sends nothing that would change nothing: the same wish, and the
 * object still looks, where the wish speaks about it, as the server answered last time. The comparison is with the
 * answer, not with the wish, because servers rewrite values (1024Mi becomes 1Gi). After a restart each object is applied
 * once, which changes nothing in the cluster.
 */
export class OwnedObjects {
  readonly #scope: InformerScope;
  readonly #fieldManager: string;
  readonly #applied = new Map<string, Applying>();

  constructor(scope: InformerScope, fieldManager: string) {
    this.#scope = scope;
    this.#fieldManager = fieldManager;
  }

  /** The object is gone: nothing is remembered about it. */
  forget(resource: ResourceDescriptor, object: KubeObject): void {
    this.#applied.delete(placeOf(resource, object.metadata?.namespace ?? '', object.metadata?.name ?? ''));
  }

  async own<C extends KubeObject>(request: OwnRequest<C>): Promise<Stored<C>> {
    const { client, resource, options } = request;
    const informer = this.#scope.require(resource);
    const desired = completed(request);
    const { namespace = '', name } = desired.metadata;
    const cached = informer.store.get(keyText({ namespace, name })) as Stored<C> | undefined;
    if (cached !== undefined) refuseForeign(request, cached);
    const place = placeOf(resource, namespace, name);
    const wish = fingerprint(desired);
    const shape = asCachedShape(informer, desired);
    if (cached !== undefined && this.#isCurrent(place, wish, cached, project(asCached(informer, cached), shape))) {
      return cached;
    }
    // What is being deleted cannot be brought in line any more; its successor will.
    if (cached?.metadata.deletionTimestamp !== undefined) return cached;
    const fieldManager = options.fieldManager ?? this.#fieldManager;
    const api = namespace === '' ? client.of(resource) : client.of(resource).in(namespace);
    const answer = await api.apply(desired, { fieldManager, force: options.force ?? true });
    this.#applied.set(place, {
      uid: answer.metadata.uid,
      version: answer.metadata.resourceVersion,
      desired: wish,
      result: fingerprint(project(asCached(informer, answer), shape)),
    });
    return answer;
  }

  #isCurrent(place: string, wish: string, cached: Stored<KubeObject>, view: unknown): boolean {
    const last = this.#applied.get(place);
    if (last === undefined || last.uid !== cached.metadata.uid || last.desired !== wish) return false;
    return last.version === cached.metadata.resourceVersion || last.result === fingerprint(view);
  }
}

function placeOf(resource: ResourceDescriptor, namespace: string, name: string): string {
  return `${resourceId(resource)}/${namespace}/${name}`;
}

function asCachedShape(informer: Informer<KubeObject>, desired: { readonly metadata: object }): object {
  return informer.cache.metadataOnly === true ? { metadata: desired.metadata, generation: 0 } : desired;
}

/** The wish with namespace and owner filled in. */
function completed<C extends KubeObject>({ ownerResource, owner, resource, desired }: OwnRequest<C>): Applied<C> {
  const namespace = resource.namespaced ? (desired.metadata.namespace ?? owner.metadata.namespace) : undefined;
  if (owner.metadata.namespace !== undefined && namespace !== owner.metadata.namespace) {
    throw new OperatorError(
      'ControllerInvalid',
      `${ownerResource.kind} ${owner.metadata.name} cannot own ${resource.kind} ${desired.metadata.name} in ${namespace ?? 'no namespace'}: an owner and what it owns share a namespace`,
    );
  }
  const others = desired.metadata.ownerReferences ?? [];
  const metadata = {
    ...desired.metadata,
    ...(namespace === undefined ? {} : { namespace }),
    ownerReferences: [...others, controllerReference(ownerResource, owner)],
  };
  return encodedSecret(resource, { ...desired, metadata });
}

function refuseForeign<C extends KubeObject>(
  { ownerResource, owner, resource }: OwnRequest<C>,
  cached: Stored<C>,
): void {
  const other = controllerOf(cached);
  if (other === undefined || other.uid === owner.metadata.uid) return;
  throw new OperatorError(
    'OwnedByOther',
    `${resource.kind} ${cached.metadata.name} belongs to ${other.kind} ${other.name}, not to ${ownerResource.kind} ${owner.metadata.name}: delete or rename one of them`,
  );
}
