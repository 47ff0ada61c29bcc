import type { ObjectValue } from '../value.ts';
import { notFound } from '../status-error.ts';
import type { PatchType } from '../parts.ts';
import type { Answer } from './answer.ts';
import { mediaTypeOf, tellStrictErrors, unsupportedMediaType } from './read-body.ts';
import type { VerbInput } from './route.ts';
import { writeRequest } from './verbs.ts';
import { readWriteOptions } from './write-options.ts';

const patchTypes: readonly PatchType[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** PATCH in its four types. */
export async function patch(input: VerbInput): Promise<Answer> {
  const { core, parts, context, resource, subresource } = input;
  const type = patchTypes.find((candidate) => candidate === mediaTypeOf(context));
  if (type === undefined) throw unsupportedMediaType(patchTypes);
  const options = readWriteOptions(context, 'PatchOptions');
  const body = context.request.body ?? new Uint8Array();
  const { name, namespace } = context.info;
  const isApply = type === 'application/apply-patch+yaml';
  const { strategy } = resource;
  const change = (current: ObjectValue | undefined): ObjectValue => {
    if (type === 'application/apply-patch+yaml') {
      const { object, strictErrors } = parts.fieldManagement.apply({
        live: current,
        body,
        resource,
        subresource: subresource?.name ?? '',
        manager: options.fieldManager,
        force: options.force,
        fieldValidation: options.fieldValidation,
        now: context.now,
      });
      tellStrictErrors(strictErrors, context);
      return object;
    }
    if (current === undefined) throw notFound(resource, name);
    const { fieldValidation } = options;
    const { object, strictErrors } = parts.applyPatch({ type, body, current, resource, fieldValidation });
    tellStrictErrors(strictErrors, context);
    strategy.applyDefaults(object);
    return object;
  };
  const request = writeRequest(input, options);
  const { object, created } = await core.operations.update(resource, namespace, name, change, request, {
    isPut: false,
    tracked: isApply,
    creates: isApply,
  });
  return { type: 'object', status: created ? 201 : 200, resource, object };
}
