/** The operator SDK: resource definitions, informers, workqueue, controllers, manager. */
export { keyOf, keyText, parseKey } from './object-key.ts';
export type { ObjectKey } from './object-key.ts';
export type { Log, LogFields, LogLevel } from './log.ts';
export { OperatorError, TerminalError } from './operator-error.ts';
export type { OperatorErrorCode } from './operator-error.ts';
export { cached } from './cache/cached.ts';
export type { Cached, CacheOptions, Indexer } from './cache/cached.ts';
export type { Reader, ReadListOptions } from './cache/reader.ts';
export { watch } from './controller/watch.ts';
export type { Change, WatchSource, WatchSourceOptions } from './controller/watch.ts';
export { controller } from './controller/controller.ts';
export type {
  Controller,
  EventInput,
  EventSource,
  KeyController,
  ObjectController,
  OwnOptions,
  ReconcileContext,
  ReconcileResult,
  StatusOf,
} from './controller/controller.ts';
export type { ConditionInput, StatusWriter } from './status/status-writer.ts';
export { createManager } from './manager/create-manager.ts';
export type { ControllerHandle, LeaderElectionOptions, Manager, ManagerOptions, Runnable } from './manager/manager.ts';
export { defineResource } from './definition/define-resource.ts';
export type {
  ContractStatus,
  CustomObject,
  DeepReadonly,
  NamedCRD,
  ObjectOf,
  PrinterColumn,
  ResourceDefinition,
  ResourceDefinitionOptions,
  ValidationRule,
  Violation,
} from './definition/resource-definition.ts';
export { jsonLog } from './json-log.ts';
export type { JSONLogOptions } from './json-log.ts';
export { isConditionTrue, removeCondition, setCondition } from './status/conditions.ts';
export { sameJSON } from './equality.ts';
export { controllerOf, controllerReference, ownerKey } from './controller/owner.ts';
export { clusterRole } from './manager/permissions.ts';
export { lowPriority, WorkQueue } from './queue/work-queue.ts';
export type { AddOptions, QueueItem, WorkQueueOptions } from './queue/work-queue.ts';
export { Informer } from './cache/informer.ts';
export type { ChangeHandler, InformerOptions } from './cache/informer.ts';
export type { ObjectStore } from './cache/object-store.ts';
export { compareVersions } from './cache/resource-version.ts';
export {
  conditions,
  embedded,
  embeddedList,
  immutable,
  intOrString,
  listMap,
  listSet,
  quantity,
  rules,
} from './definition/schemas.ts';
