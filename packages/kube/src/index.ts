/** A lean Kubernetes client: config and auth, transport, list, watch, apply, errors. */
export { systemClock, systemRandom } from './system-clock.ts';
export type { Transport } from './transport.ts';
export type { Connection, Credential, CredentialProvider, Impersonation, Material } from './connection.ts';
export { createClient } from './create-client.ts';
export { httpTransport } from './http/http-transport.ts';
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
export { inClusterConfig, isInCluster } from './config/in-cluster.ts';
export type { InClusterOptions } from './config/in-cluster.ts';
export { connectionOf, loadKubeConfig } from './config/load-kube-config.ts';
export type { LoadOptions } from './config/load-kube-config.ts';
export { parseKubeConfig, readKubeConfig } from './config/kube-config.ts';
export type { ClusterEntry, ContextEntry, KubeConfig, Sourced, UserEntry } from './config/kube-config.ts';
export type { ExecConfig } from './config/exec-credentials.ts';
export { createBackoff } from './backoff.ts';
export type { Backoff, BackoffOptions } from './backoff.ts';
export { createPacer } from './pacer.ts';
export { isRetriableWatchError, versionAfter } from './watch/watch-stream.ts';
export { labelSelectorText } from './selector-query.ts';
export { discoverResources } from './discover-resources.ts';
export type { APIResource } from './discover-resources.ts';
