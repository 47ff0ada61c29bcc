import type { KubeObject, ObjectMeta } from '@reeve/api';

/** Metadata as the server answers it: what it always fills in is present. */
export interface StoredMeta extends ObjectMeta {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
}

/** An object as read from the server. */
export type Stored<T extends KubeObject> = T & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMeta;
};

/** Any part of a value: what a patch or an apply may name. Lists are given whole. */
export type DeepPartial<T> = T extends readonly (infer E)[]
  ? readonly DeepPartial<E>[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

/** What server-side apply takes: the fields that the manager wants to own, and the object's name. */
export type Applied<T extends KubeObject> = {
  readonly [K in Exclude<keyof T, 'metadata'>]?: DeepPartial<T[K]> | undefined;
} & {
  readonly metadata: ObjectMeta & { readonly name: string };
};
