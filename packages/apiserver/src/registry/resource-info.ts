import type { Strategy } from '../strategy.ts';
import type { ObjectValue } from '../value.ts';

/** A subresource as discovery tells it. Group and version are those of its body where they differ from the parent's. */
export interface SubresourceInfo {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** Where the objects of a resource are kept: one collection for all versions (and groups) that share them. */
export interface StorageInfo {
  readonly group: string;
  readonly plural: string;
  readonly version: string;
  readonly kind: string;
}

/** What DELETE does beyond the generic rules. Objects are in the stored form. */
export interface DeleteRules {
  /** The answer is the object rather than a Status. */
  readonly answersObject: boolean;
  /** Without a propagation policy dependents stay (Jobs and ReplicationControllers). */
  readonly orphansByDefault: boolean;
  /** Nothing can depend on these objects: no policy adds a finalizer. */
  readonly neverKeepsDependents?: boolean;
  /** Told when neither policy nor orphanDependents was given. */
  readonly warning?: string;
  /** Seconds to wait, from those asked for; without it deletion is immediate. */
  gracePeriod?(object: ObjectValue, asked: number | undefined): number;
  /** The first DELETE only does this to the object (setting deletionTimestamp), whatever its finalizers. */
  begin?(object: ObjectValue, now: number): void;
  /** Beside metadata.finalizers: what keeps an object that is being deleted. */
  isHeld?(object: ObjectValue): boolean;
}

/** One resource in one version: everything that routing, discovery and the generic operations ask. */
export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly SubresourceInfo[];
  readonly storageVersionHash?: string;
  readonly storage: StorageInfo;
  /** True for a resource that a CustomResourceDefinition defines. */
  readonly custom: boolean;
  /** Of the version of this info: operations convert what is stored to it before they call it. */
  readonly strategy: Strategy;
  readonly deletion: DeleteRules;
  /** From the stored form to this version's; both own what they are given. Absent: only apiVersion and kind differ. */
  fromStorage?(object: ObjectValue): ObjectValue;
  toStorage?(object: ObjectValue): ObjectValue;
  /** The values that field selectors may ask for besides metadata.name and metadata.namespace, of the form of this version. */
  selectableFields?(object: ObjectValue): Readonly<Record<string, string>>;
  /** Names of those fields; asking for another one is an error. */
  readonly selectableFieldNames: readonly string[];
  /** Older names of selectable fields. */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** Whether field selectors may name metadata.namespace; not so for some cluster-scoped kinds. */
  readonly selectsNamespace: boolean;
  /** The text that refuses another field. */
  refuseField?(field: string): string;
  /** Sent as a warning with every answer. */
  readonly deprecation?: string;
  /** Set for custom resources: the version's entry of spec.versions, for whoever needs columns, scale paths … */
  readonly definition?: ObjectValue;
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}
