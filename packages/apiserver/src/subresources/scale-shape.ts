import { formatLabelSelector, labelRequirements, type LabelSelector } from '@reeve/api';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { internalError } from '../status-error.ts';
import { isObject, type ObjectValue, type Value } from '../value.ts';

/** Where an object keeps what its Scale shows. Paths are lists of field names. */
export interface ScaleShape {
  readonly replicas: readonly string[];
  readonly statusReplicas: readonly string[];
  selectorOf(object: ObjectValue): string;
  /** What a missing number of replicas means: 0 for built-in kinds, an error for custom ones. */
  missingReplicas(): number;
}

const replicas = ['spec', 'replicas'];
const statusReplicas = ['status', 'replicas'];

/** Follows field names through objects. */
export function valueAt(object: ObjectValue, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((value, field) => (isObject(value) ? value[field] : undefined), object);
}

/** Sets a field, making the objects on the way; undefined takes it away. */
export function setAt(object: ObjectValue, path: readonly string[], value: Value | undefined): void {
  const [field = '', ...rest] = path;
  if (rest.length > 0) {
    const next = object[field];
    const inner: ObjectValue = isObject(next) ? next : {};
    object[field] = inner;
    setAt(inner, rest, value);
  } else if (value === undefined) {
    delete object[field];
  } else {
    object[field] = value;
  }
}

/** The shape of a resource's scale; undefined if it has none. */
export function scaleShapeOf(resource: ResourceInfo): ScaleShape | undefined {
  if (!resource.subresources.some(({ name }) => name === 'scale')) return undefined;
  return resource.custom ? customShape(resource) : builtinShape(resource);
}

/** ReplicationControllers select by a plain map. */
function builtinShape({ kind }: ResourceInfo): ScaleShape {
  const selectorOf = (object: ObjectValue): string => {
    const selector = valueAt(object, ['spec', 'selector']);
    if (!isObject(selector)) return '';
    const parsed = (kind === 'ReplicationController' ? { matchLabels: selector } : selector) as LabelSelector;
    return formatLabelSelector(labelRequirements(parsed) ?? []);
  };
  return { replicas, statusReplicas, selectorOf, missingReplicas: () => 0 };
}

function customShape({ definition }: ResourceInfo): ScaleShape {
  const scale = definition === undefined ? undefined : valueAt(definition, ['subresources', 'scale']);
  const paths = isObject(scale) ? scale : {};
  const selector = fieldsOf(paths['labelSelectorPath']);
  return {
    replicas: fieldsOf(paths['specReplicasPath']),
    statusReplicas: fieldsOf(paths['statusReplicasPath']),
    selectorOf(object) {
      const value = selector.length === 0 ? undefined : valueAt(object, selector);
      return typeof value === 'string' ? value : '';
    },
    missingReplicas() {
      throw internalError(
        `the spec replicas field ${JSON.stringify(String(paths['specReplicasPath']))} does not exist`,
      );
    },
  };
}

/** `.spec.replicas`: these paths are checked to be plain when the definition is made. */
function fieldsOf(path: Value | undefined): readonly string[] {
  return typeof path === 'string' ? path.split('.').filter((field) => field !== '') : [];
}
