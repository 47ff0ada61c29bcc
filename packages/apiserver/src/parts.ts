/**
 * The seams of the server: each part that the pipeline calls, as a function type. The pipeline knows no implementation;
 * `assemble.ts` chooses them. A part that fails a request throws a StatusError.
 */
import type { Duplex } from 'node:stream';
import type { WireRequest, WireResponse } from '@reeve/api';
import type { ApiServerOptions } from './options.ts';
import type { Operations } from './operations/operations.ts';
import type { RequestContext } from './pipeline/context.ts';
import type { Answer } from './pipeline/answer.ts';
import type { ResourceInfo, SubresourceInfo } from './registry/resource-info.ts';
import type { ResourceRegistry } from './registry/resource-registry.ts';
import type { FieldValidation } from './request/field-validation.ts';
import type { RequestInfo } from './request/request-info.ts';
import type { UserInfo } from './request/user.ts';
import type { Store } from './store/store.ts';
import type { Strategy } from './strategy.ts';
import type { ObjectValue } from './value.ts';

/** What parts are made from: the server without its parts. */
export interface Core {
  readonly options: ApiServerOptions;
  readonly store: Store;
  readonly registry: ResourceRegistry;
  /** Create, update, delete … as requests do them, without HTTP. */
  readonly operations: Operations;
  /** Aborted when the server stops: ends watches. */
  readonly ended: AbortSignal;
}

/** Reads credentials. Undefined: there are none (the request is anonymous). A bad credential throws 401. */
export type Authenticate = (request: WireRequest) => Promise<UserInfo | undefined>;

/** Follows the Impersonate-* headers; gives the user unchanged if there are none. Throws 403. */
export type Impersonate = (user: UserInfo, request: WireRequest, info: RequestInfo) => Promise<UserInfo>;

/** What is to be allowed. For paths only `verb` and `path` count. */
export type AccessAttributes = Pick<
  RequestInfo,
  'isResource' | 'path' | 'verb' | 'group' | 'version' | 'namespace' | 'resource' | 'subresource' | 'name'
>;

export interface AccessDecision {
  readonly allowed: boolean;
  /** Why, for SubjectAccessReviews and, appended, for the text of a refusal. */
  readonly reason: string;
}

export type Authorize = (user: UserInfo, attributes: AccessAttributes) => AccessDecision;

export type { FieldValidation } from './request/field-validation.ts';

export interface DecodeInput {
  readonly bytes: Uint8Array;
  /** `application/json`, `application/yaml` or `application/vnd.kubernetes.protobuf`. */
  readonly mediaType: string;
  /** What the path says that the body is. */
  readonly expected: { readonly group: string; readonly version: string; readonly kind: string };
  /** Custom resources have no Go type: everything but metadata passes. */
  readonly custom: boolean;
  readonly fieldValidation: FieldValidation;
}

export interface Decoded {
  /** In canonical form: as Go would print it after reading it. `kind` and `apiVersion` as the body has them. */
  readonly object: ObjectValue;
  /** Unknown and duplicate fields in the words of the strict decoder; empty with Ignore. */
  readonly strictErrors: readonly string[];
}

/** Bodies to objects and back. */
export interface Codec {
  decode(input: DecodeInput): Decoded;
  /** Brings a changed object (after a patch) into canonical form, as decoding its JSON would. Throws FieldTypeError texts as StatusError. */
  normalise(object: ObjectValue, input: Omit<DecodeInput, 'bytes' | 'mediaType'>): Decoded;
}

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

/**
 * The current object with a patch applied, in canonical form. What does not decode, and with Strict what is unknown, is
 * 422; with Warn the strict errors are the caller's to tell.
 */
export type ApplyPatch = (input: {
  readonly type: Exclude<PatchType, 'application/apply-patch+yaml'>;
  readonly body: Uint8Array;
  readonly current: ObjectValue;
  readonly resource: ResourceInfo;
  readonly fieldValidation: FieldValidation;
}) => Decoded;

/** Server-side apply and managedFields (KEP-555). */
export interface FieldManagement {
  /** The object that results from an apply, managedFields included; throws 409 with the conflicts. */
  apply(input: {
    /** Undefined: the apply creates the object. In the resource's version. */
    readonly live: ObjectValue | undefined;
    readonly body: Uint8Array;
    readonly resource: ResourceInfo;
    readonly subresource: string;
    readonly manager: string;
    readonly force: boolean;
    readonly fieldValidation: FieldValidation;
    readonly now: number;
  }): { readonly object: ObjectValue; readonly strictErrors: readonly string[] };
  /** Sets `metadata.managedFields` of `object` after a create (`old` undefined), update or patch by `manager`. */
  track(input: {
    readonly old: ObjectValue | undefined;
    readonly object: ObjectValue;
    readonly resource: ResourceInfo;
    readonly subresource: string;
    readonly manager: string;
    readonly now: number;
  }): void;
}

export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly resource: ResourceInfo;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** May be changed in place while mutating; undefined for DELETE. In the resource's version. */
  readonly object: ObjectValue | undefined;
  readonly old: ObjectValue | undefined;
  readonly warn: (text: string) => void;
}

/** Admission plugins, policies and webhooks, in two rounds. */
export interface Admission {
  mutate(attributes: AdmissionAttributes): Promise<void>;
  validate(attributes: AdmissionAttributes): Promise<void>;
}

/** Tables and metadata-only forms. */
export interface Tables {
  /** `objects` of one resource; `list` gives the metadata of a list answer. `columns` false leaves columnDefinitions empty (later watch events). */
  table(input: {
    readonly resource: ResourceInfo;
    readonly version: 'v1' | 'v1beta1';
    readonly objects: readonly ObjectValue[];
    readonly listMetadata: ObjectValue;
    readonly includeObject: string | null;
    readonly columns: boolean;
    readonly now: number;
  }): ObjectValue;
}

/** Answers one subresource of one kind where the generic path does not (eviction, binding, token, scale …). */
export type SubresourceHandler = (
  context: RequestContext,
  resource: ResourceInfo,
  subresource: SubresourceInfo,
) => Promise<Answer>;

/** Answers a virtual resource that is never stored (reviews, componentstatuses). */
export type VirtualResourceHandler = (context: RequestContext, resource: ResourceInfo) => Promise<Answer>;

/** Answers a path that names no resource (`/version`, `/apis`, `/openapi/v3` …); undefined: not mine. */
export type PathHandler = (context: RequestContext) => Promise<WireResponse | undefined>;

/**
 * Takes over the connection of a request that asks for an upgrade (WebSocket or SPDY), once it is authenticated and
 * authorized. Throws a StatusError before it writes anything, never after.
 */
export type StreamHandler = (context: RequestContext, socket: Duplex, head: Uint8Array) => Promise<void>;

export interface Parts {
  readonly authenticate: Authenticate;
  readonly impersonate: Impersonate;
  readonly authorize: Authorize;
  readonly codec: Codec;
  readonly applyPatch: ApplyPatch;
  readonly fieldManagement: FieldManagement;
  readonly admission: Admission;
  readonly tables: Tables;
  /** By `plural.group/subresource` (`pods/eviction`, `deployments.apps/scale`); `*` + `/scale` serves all. */
  readonly subresources: ReadonlyMap<string, SubresourceHandler>;
  /** By `plural.group` (`tokenreviews.authentication.k8s.io`, `bindings`). */
  readonly virtualResources: ReadonlyMap<string, VirtualResourceHandler>;
  /** Asked in order. */
  readonly paths: readonly PathHandler[];
  readonly streams: StreamHandler;
  /** Run once before the server is ready (bootstrap roles, default objects, following CRDs); gives what ends it. */
  readonly start: readonly ((core: Core) => Promise<() => void>)[];
}

/** The strategy of a built-in kind. */
export type BuiltinStrategy = (resource: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}) => Strategy;
