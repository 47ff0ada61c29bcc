import type { Condition, KubeObject, ResourceDescriptor } from '@reeve/api';
import type { CustomResourceDefinition } from '@reeve/api/apiextensions/v1';
import type { z } from 'zod';

/** Every part readonly, all the way down. */
export type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** What every status of ours has, whatever else it holds. */
export interface ContractStatus {
  /** The generation that the status speaks about. */
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** The objects of a defined resource. */
export interface CustomObject<Spec, Status> extends KubeObject {
  readonly spec: DeepReadonly<Spec>;
  readonly status?: DeepReadonly<Status> & ContractStatus;
}

/** A rule in CEL, checked by the API server on every write. */
export interface ValidationRule {
  /** Over `self` (and `oldSelf`: then the rule holds for updates only). */
  readonly rule: string;
  readonly message: string;
  /** CEL that gives the message. */
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  /** Relative to the rule's place, as `.spec.size`. */
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  /** As `.status.readyMembers`. */
  readonly jsonPath: string;
  /** Default `string`. */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** Above 0: only with `-o wide`. */
  readonly priority?: number;
}

export interface ResourceDefinitionOptions<Spec extends z.ZodType, Status extends z.ZodType> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Default: the kind in lower case with an `s`. */
  readonly plural?: string;
  readonly singular?: string;
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly description?: string;
  readonly spec: Spec;
  readonly status: Status;
  /** Paths of the scale subresource. */
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string;
  };
  readonly columns?: readonly PrinterColumn[];
  /** Rules over the whole object. Rules of parts go to the part's schema: `rules(schema, …)`. */
  readonly rules?: readonly ValidationRule[];
  readonly selectableFields?: readonly string[];
  readonly deprecated?: string;
}

/** One thing wrong with an object. */
export interface Violation {
  /** As `spec.clusterSize`. */
  readonly path: string;
  readonly message: string;
}

/** A definition ready to be applied. */
export type NamedCRD = CustomResourceDefinition & { readonly metadata: { readonly name: string } };

/** A custom resource: descriptor for the client, type, CRD and validation from one source. */
export interface ResourceDefinition<T extends KubeObject> extends ResourceDescriptor<T> {
  /** What goes into the cluster. */
  crd(): NamedCRD;
  /** Checks what the schemas say (not the CEL rules, which the server checks). */
  validate(object: unknown): readonly Violation[];
  /** Marks the resource as one whose status follows the contract of conditions. */
  readonly defined: true;
}

/** The object type of a resource: `type App = ObjectOf<typeof App>`. */
export type ObjectOf<R> = R extends ResourceDescriptor<infer T> ? T : never;
