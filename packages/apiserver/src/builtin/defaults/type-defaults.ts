import type { ObjectValue, Value } from '../../value.ts';

/** What decoding fills into one Go type, wherever that type occurs. */
export interface TypeDefaults {
  /** Values of fields that are absent (or zero, where Go cannot tell the two apart). */
  readonly set?: Readonly<Record<string, Value>>;
  /** Fields of features that are off in Kubernetes 1.36: taken and forgotten. */
  readonly drop?: readonly string[];
  /** What depends on other fields; runs after `set` and before the types within. */
  readonly adjust?: (value: ObjectValue) => void;
}

/** By Go type without the package path's `k8s.io/api/`: `core/v1.Probe`. */
export type DefaultsTable = Readonly<Record<string, TypeDefaults>>;
