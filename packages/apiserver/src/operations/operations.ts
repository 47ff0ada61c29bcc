import type { UserInfo } from '../request/user.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import type { ObjectValue } from '../value.ts';

/** Who writes and how; the same for requests and for the server's own writes. */
export interface WriteRequest {
  readonly user: UserInfo;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly dryRun: boolean;
  /** For managedFields. */
  readonly fieldManager: string;
  /** '' for the main resource. */
  readonly subresource: string;
  /** The request names no object: it deletes a collection. */
  readonly isCollection?: boolean;
  readonly warn: (text: string) => void;
}

/** `DeleteOptions`, decoded. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** The object after a delete: gone, or still there because of finalizers or a grace period. */
export interface DeleteResult {
  readonly object: ObjectValue;
  readonly gone: boolean;
}

/**
 * Gives the object that should be stored, from a copy of the current one; called again if another write came between.
 * Undefined current: there is none, and the resource allows creating by PUT.
 */
export type Change = (current: ObjectValue | undefined) => ObjectValue | Promise<ObjectValue>;

export interface UpdateOptions {
  /** uid and resourceVersion of the given object are preconditions told as the real server does for PUT. */
  readonly isPut: boolean;
  /** managedFields are already as they should be (server-side apply). */
  readonly tracked?: boolean;
  /** Creates what is not there although the resource does not allow it for PUT (server-side apply). */
  readonly creates?: boolean;
}

/** What can be done with objects. All objects are in the form of the resource's version; results belong to the caller. */
export interface Operations {
  /** Throws 404. */
  get(resource: ResourceInfo, namespace: string, name: string): ObjectValue;
  find(resource: ResourceInfo, namespace: string, name: string): ObjectValue | undefined;
  /** All of them, or of one namespace. */
  list(resource: ResourceInfo, namespace?: string): ObjectValue[];
  create(resource: ResourceInfo, namespace: string, object: ObjectValue, request: WriteRequest): Promise<ObjectValue>;
  /** `created` tells that the object was not there before. */
  update(
    resource: ResourceInfo,
    namespace: string,
    name: string,
    change: Change,
    request: WriteRequest,
    options?: UpdateOptions,
  ): Promise<{ readonly object: ObjectValue; readonly created: boolean }>;
  remove(
    resource: ResourceInfo,
    namespace: string,
    name: string,
    options: DeleteOptions,
    request: WriteRequest,
  ): Promise<DeleteResult>;
}
