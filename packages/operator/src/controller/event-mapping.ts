import type { KubeObject, ResourceDescriptor } from '@reeve/api';
import type { InformerScope } from '../cache/informer-registry.ts';
import type { Reader } from '../cache/reader.ts';
import type { ObjectKey } from '../object-key.ts';
import { keyOf } from '../object-key.ts';
import type { Controller } from './controller.ts';
import type { OwnedObjects } from './owned-objects.ts';
import { ownerKey } from './owner.ts';
import type { Change } from './watch.ts';

export interface MappingOptions {
  readonly controller: Controller;
  readonly scope: InformerScope;
  readonly read: Reader;
  readonly owned: OwnedObjects;
  readonly enqueue: (key: ObjectKey, change: Change<KubeObject>) => void;
}

/** The owners of an object, before and after the change. */
function ownerKeys(resource: ResourceDescriptor, { object, old }: Change<KubeObject>): readonly ObjectKey[] {
  const now = ownerKey(resource, object);
  const before = old === undefined ? undefined : ownerKey(resource, old);
  const moved = before !== undefined && (before.name !== now?.name || before.namespace !== now.namespace);
  return [now, moved ? before : undefined].filter((key) => key !== undefined);
}

/** Declares everything a controller needs in memory and lets every change lead to the keys that it concerns. */
export function mapEvents({ controller, scope, read, owned, enqueue }: MappingOptions): void {
  const { resource, options } = controller;
  const on = (
    declared: Parameters<InformerScope['declare']>[0],
    keys: (change: Change<KubeObject>) => readonly ObjectKey[],
  ): void =>
    scope.declare(declared).addHandler((change) => {
      for (const key of keys(change)) enqueue(key, change);
    });
  on({ resource, cache: options.cache ?? {} }, (change) =>
    options.when?.(change) === false ? [] : [keyOf(change.object)],
  );
  for (const declared of options.owns ?? []) {
    const child = 'resource' in declared ? declared.resource : declared;
    on(declared, (change) => {
      if (change.type === 'deleted') owned.forget(child, change.object);
      return ownerKeys(resource, change);
    });
  }
  for (const source of options.watches ?? []) {
    on(source, (change) =>
      source.options.when?.(change) === false ? [] : source.options.map(change.object, { read, change }),
    );
  }
  for (const declared of options.reads ?? []) scope.declare(declared);
}
