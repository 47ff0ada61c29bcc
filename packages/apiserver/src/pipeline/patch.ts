import type { ObjectValue } from '../value.ts';
import { notFound, statusError } from '../status-error.ts';
import type { PatchType } from '../parts.ts';
import type { Answer } from './answer.ts';
import { mediaTypeOf, tellStrictErrors, unsupportedMediaType } from './read-body.ts';
import type { VerbInput } from './verb.ts';
import { placeInNamespace, checkName, writeRequest } from './verbs.ts';
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
  const type = patchTypeOf(input);
  const body = context.request.body ?? new Uint8Array();
  const { name, namespace } = context.info;
  const isApply = type === 'application/apply-patch+yaml';
  const options = readWriteOptions(context, isApply ? 'ApplyOptions' : 'PatchOptions');
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
      checkPlace(object, input);
      return object;
    }
    if (current === undefined) throw notFound(resource, name);
    const { fieldValidation } = options;
    const { object, strictErrors } = parts.applyPatch({ type, body, current, resource, fieldValidation });
    tellStrictErrors(strictErrors, context);
    checkPlace(object, input);
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

/** Built-in resources refuse other types before they look at the patch, in words of their own. */
function patchTypeOf({ context, resource }: VerbInput): PatchType {
  const given = mediaTypeOf(context);
  const accepted = resource.custom ? patchTypes.filter((type) => !type.includes('strategic')) : patchTypes;
  const type = accepted.find((candidate) => candidate === given);
  if (type !== undefined) return type;
  if (resource.custom) throw unsupportedMediaType(accepted);
  throw statusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

/** A patch cannot move an object. */
function checkPlace(object: ObjectValue, input: VerbInput): void {
  placeInNamespace(object, input);
  checkName(object, input.context.info.name);
}
