/**
 * What both sides of the Kubernetes API share: metadata, descriptors, selectors, quantities, conditions, Status and
 * the patch algorithms. Pure: no I/O, no clock; runs in a browser. The built-in kinds are in `@reeve/api/<group>/<version>`.
 */
export type {
  Condition,
  IntOrString,
  JSONArray,
  JSONObject,
  JSONValue,
  KubeList,
  KubeObject,
  LabelSelector,
  LabelSelectorRequirement,
  ListMeta,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
  Time,
} from './meta.ts';
export { apiVersionOf, parseAPIVersion, resourcePath } from './descriptor.ts';
export type { ResourceDescriptor } from './descriptor.ts';
export type { MessageStream, WireHandler, WireRequest, WireResponse } from './wire.ts';
export { sleep } from './clock.ts';
export type { Clock, Random } from './clock.ts';
export type { Status, StatusCause, StatusDetails, StatusReason } from './status.ts';
export type { ExecOptions, LogOptions, NodeConnector, NodeContainer, PodAddress } from './node-connector.ts';
