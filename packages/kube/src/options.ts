import type { JSONObject, JSONValue, LabelSelector } from '@reeve/api';

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Gives up after this long; default 60 s. Not for watches and logs. */
  readonly timeoutMs?: number;
}

export interface GetOptions extends RequestOptions {
  /** `0` may be answered from the server's cache. */
  readonly resourceVersion?: string;
}

export interface SelectOptions {
  readonly labelSelector?: string | LabelSelector;
  /** As `metadata.name=a,spec.nodeName=b`, or as an object. */
  readonly fieldSelector?: string | Readonly<Record<string, string>>;
}

export interface ListOptions extends RequestOptions, SelectOptions {
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  /** Objects in one page. */
  readonly limit?: number;
  readonly continue?: string;
}

/** How answers are decoded where many objects arrive. */
export interface DecodeOptions {
  /** Cuts `metadata.managedFields` from the bytes before they are parsed. */
  readonly lean?: boolean;
  /** Asks for `PartialObjectMetadata`: spec and status are not sent at all. */
  readonly metadataOnly?: boolean;
}

export interface WatchOptions extends SelectOptions, DecodeOptions {
  readonly signal?: AbortSignal;
  /** Where to begin; without it the present objects come first, as ADDED. */
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan';
  /** Streams the present state first and ends it with a marked bookmark (KEP-3157). */
  readonly sendInitialEvents?: boolean;
  /** How long the server keeps one connection; default: random between 300 and 600. */
  readonly timeoutSeconds?: number;
  /** A connection silent for this long is taken for dead; default 150 s (bookmarks come about once a minute). */
  readonly idleMs?: number;
}

export interface WriteOptions extends RequestOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of failing with a conflict. */
  readonly force?: boolean;
}

export interface PatchOptions extends WriteOptions {
  /** Only with an apply patch. */
  readonly force?: boolean;
}

export interface DeleteOptions extends RequestOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

export type JSONPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: JSONValue }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly path: string; readonly from: string };

/** A change to an object, in one of the API's four languages. */
export type Patch =
  | { readonly json: readonly JSONPatchOperation[] }
  | { readonly merge: JSONObject | object }
  | { readonly strategic: JSONObject | object }
  | { readonly apply: JSONObject | object };
