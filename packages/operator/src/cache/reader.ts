import type { KubeObject, LabelSelector, ResourceDescriptor } from '@reeve/api';
import type { Stored } from '@reeve/kube';
import type { ObjectKey } from '../object-key.ts';

export interface ReadListOptions {
  readonly namespace?: string;
  readonly labels?: LabelSelector | Readonly<Record<string, string>>;
}

/**
 * Reads from memory. Only kinds that the controller declared (its own, `owns`, `watches`, `reads`) can be read; objects
 * are shared and must not be changed. What this manager wrote is always visible.
 */
export interface Reader {
  get<T extends KubeObject>(resource: ResourceDescriptor<T>, key: ObjectKey): Stored<T> | undefined;
  list<T extends KubeObject>(resource: ResourceDescriptor<T>, options?: ReadListOptions): readonly Stored<T>[];
  /** Objects that name `owner` in their owner references. */
  ownedBy<T extends KubeObject>(resource: ResourceDescriptor<T>, owner: KubeObject | string): readonly Stored<T>[];
  /** Objects under `value` of a declared index. */
  by<T extends KubeObject>(resource: ResourceDescriptor<T>, index: string, value: string): readonly Stored<T>[];
}
