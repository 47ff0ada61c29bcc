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
export { formatTime, sleep } from './clock.ts';
export type { Clock, Random } from './clock.ts';
export type { Status, StatusCause, StatusDetails, StatusReason } from './status.ts';
export type { ExecOptions, LogOptions, NodeConnector, NodeContainer, PodAddress } from './node-connector.ts';
export { InputError } from './input-error.ts';
export type { InputErrorCode } from './input-error.ts';
export {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  isQuantity,
  parseQuantity,
  quantityMilliValue,
  quantityValue,
  subtractQuantities,
} from './quantity.ts';
export type { Quantity, QuantityFormat } from './quantity.ts';
export { labelValueErrors, qualifiedNameErrors } from './qualified-name.ts';
export { formatLabelSelector, labelRequirements, matchesLabels, parseLabelSelector } from './label-selector.ts';
export type { LabelOperator, LabelRequirement } from './label-selector.ts';
export { matchesFields, parseFieldSelector } from './field-selector.ts';
export type { FieldRequirement } from './field-selector.ts';
export { applyJsonPatch } from './patch/json-patch.ts';
export { applyMergePatch, createMergePatch } from './patch/merge-patch.ts';
export { applyStrategicMergePatch } from './patch/strategic-merge-patch.ts';
export type { MergeField, MergeSchema } from './patch/merge-schema.ts';
export { formatGoValue } from './patch/patch-value.ts';
export type { PatchObject, PatchValue } from './patch/patch-value.ts';
