import type { KubeObject } from '@reeve/api';
import type { Stored } from './stored.ts';

/** A change to one object. */
export interface ObjectEvent<T extends KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored<T>;
}

/** Everything up to `resourceVersion` has been delivered. */
export interface BookmarkEvent {
  readonly type: 'BOOKMARK';
  readonly resourceVersion: string;
  /** Ends the initial state of a watch that began with `sendInitialEvents`. */
  readonly initialEventsEnd: boolean;
}

/** What a watch yields. An ERROR event of the server is thrown as `ApiError`. */
export type WatchEvent<T extends KubeObject> = ObjectEvent<T> | BookmarkEvent;
