import { cannotHandle } from '../codec/body-type.ts';
import { strictDecodingText } from '../codec/strict-errors.ts';
import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';
import type { Codec, Decoded } from '../parts.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import type { Strategy } from '../strategy.ts';
import type { RequestContext, WriteOptions } from './context.ts';

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

/** The media type of the body, without its parameters; JSON if none is told, '' if it cannot be read. */
export function mediaTypeOf(context: RequestContext): string {
  const [type = '', ...parameters] = (context.request.headers['content-type'] ?? '').split(';');
  if (parameters.some((parameter) => parameter.trim() !== '' && !parameter.includes('='))) return '';
  return type.trim() === '' ? 'application/json' : type.trim().toLowerCase();
}

/** Refuses what is neither JSON, YAML nor protobuf with the list of what is taken. */
export function bodyMediaType(context: RequestContext): string {
  const type = mediaTypeOf(context);
  if ((mediaTypes as readonly string[]).includes(type)) return type;
  throw unsupportedMediaType(mediaTypes);
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return statusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** Decodes the body as the resource's kind; field errors become a 400 or warnings. */
export function readObject(
  codec: Codec,
  context: RequestContext,
  resource: Pick<ResourceInfo, 'group' | 'version' | 'kind' | 'custom'> & { readonly strategy?: Strategy },
  options: WriteOptions,
): Decoded['object'] {
  const { group, version, kind, custom } = resource;
  const { object, strictErrors: decodingErrors } = codec.decode({
    bytes: context.request.body ?? new Uint8Array(),
    mediaType: bodyMediaType(context),
    expected: { group, version, kind },
    custom,
    fieldValidation: options.fieldValidation,
  });
  const coerced = resource.strategy?.coerce?.(object);
  if (coerced?.problem !== undefined)
    throw cannotHandle({ group, version, kind: String(object['kind']) }, { group, version, kind }, coerced.problem);
  const unknown = options.fieldValidation === 'Ignore' ? [] : (coerced?.unknown ?? []);
  const strictErrors = [...decodingErrors, ...unknown];
  if (options.fieldValidation === 'Strict' && strictErrors.length > 0)
    throw cannotHandle(
      { group, version, kind: String(object['kind']) },
      { group, version, kind },
      strictDecodingText(strictErrors),
    );
  tellStrictErrors(strictErrors, context);
  return object;
}

/** Unknown and repeated fields become warnings; who decodes strictly refuses them before. */
export function tellStrictErrors(errors: readonly string[], context: RequestContext): void {
  for (const error of errors) context.warn(error);
}
