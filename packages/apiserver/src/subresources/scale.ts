import type { Operations } from '../operations/operations.ts';
import type { BuiltinStrategy, Core, FieldManagement, Parts, SubresourceHandler } from '../parts.ts';
import { negotiate } from '../pipeline/negotiate.ts';
import { patch } from '../pipeline/patch.ts';
import { get, update } from '../pipeline/verbs.ts';

import { fieldErrors } from '../field-error.ts';
import { groupVersionOf, type ResourceInfo } from '../registry/resource-info.ts';
import { invalid, methodNotAllowed, statusError } from '../status-error.ts';
import { metadataOf, type ObjectValue, type Value } from '../value.ts';
import { parentManagers, scaleManagers } from '../apply/scale-managers.ts';
import { scaleShapeOf, setAt, valueAt, type ScaleShape } from './scale-shape.ts';

const verbs = { get, update, patch } as const;

/**
 * `scale` of every kind that has one. The ordinary verbs do the work: they are given the Scale as their resource, and
 * operations that read and write it in the object behind it.
 */
export function scaleHandler(core: Core, parts: () => Parts, strategyOf: BuiltinStrategy): SubresourceHandler {
  return async (context, resource, subresource) => {
    const { verb } = context.info;
    const shape = scaleShapeOf(resource);
    if (shape === undefined || !subresource.verbs.includes(verb) || !(verb in verbs)) throw methodNotAllowed();
    const isApply = context.request.headers['content-type']?.startsWith('application/apply-patch');
    if (verb === 'patch' && isApply && resource.custom) {
      throw statusError(500, '', 'apply is not supported on the scale of a custom resource');
    }
    const scaleOf = scaleResource(resource, strategyOf);
    const operations = scaleOperations(core.operations, resource, scaleOf, shape, parts().fieldManagement);
    const input = {
      core: { ...core, operations },
      parts: parts(),
      context,
      resource: scaleOf,
      subresource,
      form: negotiate(context.request.headers['accept'], 'object', false),
    };
    return verbs[verb as keyof typeof verbs](input);
  };
}

/** The Scale as a resource of its own, in the scope of the one behind it. */
function scaleResource(parent: ResourceInfo, strategyOf: BuiltinStrategy): ResourceInfo {
  const type = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  return { ...parent, ...type, custom: false, subresources: [], listKind: 'ScaleList', strategy: strategyOf(type) };
}

function toScale(object: ObjectValue, shape: ScaleShape): ObjectValue {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadataOf(object);
  const count = valueAt(object, shape.replicas) ?? shape.missingReplicas();
  const selector = shape.selectorOf(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: count === 0 ? {} : { replicas: count },
    status: { replicas: valueAt(object, shape.statusReplicas) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}

/** Moves what a Scale may change into the object behind it. */
function intoParent(object: ObjectValue, scale: ObjectValue, shape: ScaleShape, custom: boolean): void {
  const count = valueAt(scale, ['spec', 'replicas']) ?? 0;
  const name = String(metadataOf(object)['name'] ?? '');
  if (!custom && typeof count === 'number' && count < 0) {
    const error = fieldErrors.invalid('spec.replicas', count, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [error]);
  }
  setAt(object, shape.replicas, count);
  const { uid, resourceVersion } = metadataOf(scale);
  const metadata = metadataOf(object);
  if (uid !== undefined && uid !== '') metadata['uid'] = uid;
  if (resourceVersion === undefined) delete metadata['resourceVersion'];
  else metadata['resourceVersion'] = resourceVersion;
}

function scaleOperations(
  operations: Operations,
  parent: ResourceInfo,
  scaleOf: ResourceInfo,
  shape: ScaleShape,
  fieldManagement: FieldManagement,
): Operations {
  return {
    ...operations,
    get: (_resource, namespace, name) => toScale(operations.get(parent, namespace, name), shape),
    async update(_resource, namespace, name, change, request, options) {
      const changeParent = async (current: ObjectValue | undefined): Promise<ObjectValue> => {
        const object = current ?? {};
        const metadata = metadataOf(object);
        const version = metadata['resourceVersion'];
        // The first replicas of a custom resource may be set through its scale.
        const readable = valueAt(object, shape.replicas) === undefined ? { ...shape, missingReplicas: () => 0 } : shape;
        const owners = scaleManagers(metadata['managedFields'], shape.replicas);
        const old = withManagers(toScale(object, readable), owners);
        const scale = await change(structuredClone(old));
        if (options?.tracked !== true) {
          const { fieldManager: manager } = request;
          fieldManagement.track({ ...request, old, object: scale, resource: scaleOf, subresource: 'scale', manager });
        }
        intoParent(object, scale, shape, parent.custom);
        const { managedFields } = metadataOf(scale);
        const managers = parentManagers(
          metadata['managedFields'],
          managedFields,
          shape.replicas,
          groupVersionOf(parent),
        );
        withManagers(object, managers);
        if (parent.custom) allowUnconditional(object, version);
        return object;
      };
      const { creates: _creates, ...rest } = options ?? { isPut: false };
      const tracked = { ...rest, tracked: true };
      const result = await operations.update(parent, namespace, name, changeParent, request, tracked);
      return { object: toScale(result.object, shape), created: false };
    },
  };
}

function withManagers(object: ObjectValue, managers: readonly Value[]): ObjectValue {
  const metadata = metadataOf(object);
  if (managers.length === 0) delete metadata['managedFields'];
  else metadata['managedFields'] = [...managers];
  return object;
}

/** Unlike the object itself, its scale may be set without a version. */
function allowUnconditional(object: ObjectValue, version: Value | undefined): void {
  const metadata = metadataOf(object);
  const given = metadata['resourceVersion'];
  if (version === undefined || (given !== undefined && given !== '' && given !== '0')) return;
  metadata['resourceVersion'] = version;
}
