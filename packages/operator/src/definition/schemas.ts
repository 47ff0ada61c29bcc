import type { Condition } from '@reeve/api';
import { z } from 'zod';
import type { ValidationRule } from './resource-definition.ts';

/** Adds CEL rules to a schema: `rules(z.object({…}), [{ rule: 'self.min <= self.max', message: '…' }])`. */
export function rules<S extends z.ZodType>(schema: S, list: readonly ValidationRule[]): S {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-validations': list });
}

/** A field that keeps its first value. */
export function immutable<S extends z.ZodType>(schema: S, message: string): S {
  return rules(schema, [{ rule: 'self == oldSelf', message }]);
}

/** A list whose items are told apart by fields, so that several writers can share it. */
export function listMap<S extends z.ZodType>(item: S, keys: readonly string[]): z.ZodArray<S> {
  return z.array(item).meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
}

/** A list of different values. */
export function listSet<S extends z.ZodType>(item: S): z.ZodArray<S> {
  return z.array(item).meta({ 'x-kubernetes-list-type': 'set' });
}

/** A part whose type is known elsewhere (an affinity, a pod's resources): kept as it is, checked by whoever reads it. */
export function embedded<T>(description?: string): z.ZodType<T> {
  const meta = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  // Its shape is T's by agreement: the API server keeps it as it is.
  return z.unknown().meta(description === undefined ? meta : { ...meta, description }) as z.ZodType<T>;
}

/** A list of such parts. */
export function embeddedList<T>(description?: string): z.ZodType<readonly T[]> {
  const list = z.array(embedded<T>());
  return description === undefined ? list : list.describe(description);
}

/** A quantity such as `1Gi` or `500m`, in the notation of `resource.Quantity`. */
export function quantity(): z.ZodString {
  return z.string().regex(/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$/);
}

/** A whole number or a percentage, as `maxUnavailable` takes it. */
export function intOrString(): z.ZodUnion<[z.ZodInt, z.ZodString]> {
  return z.union([z.int(), z.string()]);
}

const conditionSchema: z.ZodType<Condition> = z.object({
  type: z.string().max(316),
  status: z.enum(['True', 'False', 'Unknown']),
  observedGeneration: z.int().min(0).exactOptional(),
  lastTransitionTime: z.iso.datetime(),
  reason: z.string().min(1).max(1024),
  message: z.string().max(32_768),
});

/** `status.conditions`, one of each type. Every defined resource has it already. */
export function conditions(): z.ZodArray<z.ZodType<Condition>> {
  return listMap(conditionSchema, ['type']);
}
