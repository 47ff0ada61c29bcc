import { forbidden } from '../status-error.ts';
import { fieldErrors, type FieldError } from '../field-error.ts';
import type { Strategy, WriteContext } from '../strategy.ts';
import type { TypeSchema } from '../type-schema.ts';
import { isObject, metadataOf, type ObjectValue, type Value } from '../value.ts';
import type { CompiledSchema, Findings } from './compiled-schema.ts';
import { deepEqual } from './deep-equal.ts';
import { hasStatus, objectOf, textOf, type VersionSpec } from './definition-spec.ts';

interface CustomKind {
  readonly resource: { readonly group: string; readonly plural: string };
  readonly version: VersionSpec;
  readonly schema: CompiledSchema;
  readonly type: TypeSchema;
  /** The definition is being deleted: nothing new may come. */
  readonly isTerminating: () => boolean;
}

/** The strategy of custom resources in one version. */
export function customStrategy(kind: CustomKind): Strategy {
  const { schema, version } = kind;
  const status = hasStatus(version);
  const checkScale = scaleCheck(version);
  const told = ({ errors, tolerated }: Findings, { warn }: WriteContext): readonly FieldError[] => {
    for (const { field, message } of tolerated) warn?.(`${field}: ${message}`);
    return errors;
  };
  return {
    schema: kind.type,
    coerce: (object) => schema.coerce(object),
    applyDefaults: schema.applyDefaults,
    prepareForCreate(object) {
      if (kind.isTerminating())
        throw forbidden(
          kind.resource,
          textOf(metadataOf(object)['name']),
          'create not allowed while custom resource definition is terminating',
        );
      if (status) delete object['status'];
      metadataOf(object)['generation'] = 1;
    },
    prepareForUpdate(object, old, { subresource }) {
      if (subresource === 'status') keepAllButStatus(object, old);
      else if (status) keepStatus(object, old);
      raiseGeneration(object, old, status);
    },
    validate: (object, context) => [...told(schema.validate(object), context), ...checkScale(object)],
    validateUpdate: (object, old, context) => [
      ...told(schema.validateUpdate(object, old, context.subresource === 'status'), context),
      ...checkScale(object),
    ],
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: false,
  };
}

/** Nothing of metadata but its version and managed fields, and of the rest only status, comes from the request. */
function keepAllButStatus(object: ObjectValue, old: ObjectValue): void {
  const { status } = object;
  const { resourceVersion, managedFields } = metadataOf(object);
  for (const name of Object.keys(object)) delete object[name];
  Object.assign(object, old);
  delete object['status'];
  if (status !== undefined) object['status'] = status;
  const metadata: ObjectValue = { ...metadataOf(old) };
  delete metadata['managedFields'];
  if (resourceVersion !== undefined) metadata['resourceVersion'] = resourceVersion;
  if (managedFields !== undefined) metadata['managedFields'] = managedFields;
  object['metadata'] = metadata;
}

function keepStatus(object: ObjectValue, old: ObjectValue): void {
  if (old['status'] === undefined) delete object['status'];
  else object['status'] = old['status'];
}

/** Whatever changes but metadata is a new generation; not so status where it is a subresource. */
function raiseGeneration(object: ObjectValue, old: ObjectValue, status: boolean): void {
  const content = (value: ObjectValue): ObjectValue => {
    const { metadata: _, apiVersion: __, kind: ___, ...rest } = value;
    if (status) delete rest['status'];
    return rest;
  };
  const before = Number(metadataOf(old)['generation'] ?? 0);
  if (!deepEqual(content(object), content(old))) metadataOf(object)['generation'] = before + 1;
}

/** Replicas that the scale subresource shows must be a number it can show. */
function scaleCheck({ subresources }: VersionSpec): (object: ObjectValue) => FieldError[] {
  const scale = subresources?.['scale'];
  if (!isObject(scale)) return () => [];
  const paths = [textOf(scale['specReplicasPath']), textOf(scale['statusReplicasPath'])];
  return (object) => paths.flatMap((path) => replicasErrors(object, path));
}

function replicasErrors(object: ObjectValue, path: string): FieldError[] {
  const names = path.split('.').slice(1);
  const value = names.reduce<Value | undefined>((at, name) => objectOf(at)[name], object);
  if (typeof value !== 'number') return [];
  if (value < 0) return [fieldErrors.invalid(path, value, 'should be a non-negative integer')];
  return value > 2 ** 31 - 1
    ? [fieldErrors.invalid(path, value, `should be less than or equal to ${2 ** 31 - 1}`)]
    : [];
}
