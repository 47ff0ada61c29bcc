/** A lean Kubernetes client: config and auth, transport, list, watch, apply, errors. */
export { systemClock, systemRandom } from './system-clock.ts';
export type { Transport } from './transport.ts';
export type { Connection, Credential, CredentialProvider, Impersonation, Material } from './connection.ts';
export { createClient } from './create-client.ts';
export { inProcessTransport } from './in-process-transport.ts';
export type { Client, ClientOptions, ObservedRequest } from './client.ts';
export type { ResourceApi, ResourceClient, SubresourceClient } from './resource-client.ts';
export type {
  EvictOptions,
  ExecExit,
  ExecOutput,
  ExecResult,
  ExecSession,
  PodExecOptions,
  PodLogOptions,
  PodsClient,
} from './pods/pods-types.ts';
export type {
  ApplyOptions,
  DecodeOptions,
  DeleteOptions,
  GetOptions,
  JSONPatchOperation,
  ListOptions,
  Patch,
  PatchOptions,
  RequestOptions,
  SelectOptions,
  WatchOptions,
  WriteOptions,
} from './options.ts';
export type { Applied, DeepPartial, Stored, StoredMeta } from './stored.ts';
export type { BookmarkEvent, ObjectEvent, WatchEvent } from './watch-event.ts';
export {
  ApiError,
  isAlreadyExists,
  isBadRequest,
  isConflict,
  isExpired,
  isForbidden,
  isGone,
  isInternalError,
  isInvalid,
  isMethodNotAllowed,
  isNotFound,
  isServerTimeout,
  isServiceUnavailable,
  isTooLargeResourceVersion,
  isTooManyRequests,
  isUnauthorized,
} from './api-error.ts';
export { isConnectionFailure, KubeError } from './kube-error.ts';
export type { KubeErrorCode } from './kube-error.ts';
