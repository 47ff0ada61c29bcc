import type { Parts } from '../parts.ts';
import type { RequestContext, WriteOptions } from '../pipeline/context.ts';
import { readObject } from '../pipeline/read-body.ts';
import { readWriteOptions } from '../pipeline/write-options.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { metadataOf, type ObjectValue } from '../value.ts';

export interface BodyKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface SubresourceBody {
  readonly object: ObjectValue;
  readonly options: WriteOptions;
}

/** The body of a POST to a subresource that creates something of another kind. */
export function readSubresourceBody(parts: Parts, context: RequestContext, kind: BodyKind): SubresourceBody {
  const options = readWriteOptions(context, 'CreateOptions');
  return { object: readObject(parts.codec, context, { ...kind, custom: false }, options), options };
}

/** Lets admission see a POST to a subresource: mutating first, then validating. */
export async function admitSubresource(
  { admission }: Parts,
  context: RequestContext,
  resource: ResourceInfo,
  subresource: string,
  { object, options }: SubresourceBody,
): Promise<void> {
  const { user, warn, info } = context;
  const { namespace, name } = info;
  const { dryRun } = options;
  const attributes = {
    operation: 'CREATE',
    resource,
    subresource,
    namespace,
    name: name === '' ? String(metadataOf(object)['name'] ?? '') : name,
    user,
    dryRun,
    object,
    old: undefined,
    warn,
  } as const;
  await admission.mutate(attributes);
  await admission.validate(attributes);
}
