import { fieldErrors } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import type { Codec } from '../parts.ts';
import type { DeleteOptions } from '../operations/operations.ts';
import { isTrue } from '../request/request-info.ts';
import { badRequest, invalid } from '../status-error.ts';
import type { ObjectValue } from '../value.ts';
import type { RequestContext } from './context.ts';
import { bodyMediaType } from './read-body.ts';
import { dryRunErrors } from './write-options.ts';

/** DeleteOptions and whether the delete is only tried. */
export interface ReadDeleteOptions {
  readonly options: DeleteOptions;
  readonly dryRun: boolean;
}

const policies = ['Background', 'Foreground', 'Orphan'];

/** From the body, or without one from the query. */
export function readDeleteOptions(codec: Codec, context: RequestContext): ReadDeleteOptions {
  const { body } = context.request;
  const given = body !== undefined && body.length > 0 ? fromBody(codec, context, body) : fromQuery(context.info.query);
  const errors = optionErrors(given);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  const dryRun = Array.isArray(given['dryRun']) && given['dryRun'].length > 0;
  return { options: given as DeleteOptions, dryRun };
}

function fromBody(codec: Codec, context: RequestContext, bytes: Uint8Array): ObjectValue {
  return codec.decode({
    bytes,
    mediaType: bodyMediaType(context),
    expected: { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' },
    custom: false,
    fieldValidation: 'Ignore',
  }).object;
}

function fromQuery(query: URLSearchParams): ObjectValue {
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null && !/^[+-]?\d+$/.test(grace)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
  }
  const policy = query.get('propagationPolicy');
  const dryRun = query.getAll('dryRun');
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(query.has('orphanDependents') ? { orphanDependents: isTrue(query.get('orphanDependents')) } : {}),
    ...(dryRun.length > 0 ? { dryRun } : {}),
  };
}

function optionErrors(options: ObjectValue): FieldError[] {
  const { propagationPolicy: policy, orphanDependents, dryRun } = options;
  const errors: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set';
    errors.push(fieldErrors.invalid('propagationPolicy', policy, detail));
  }
  if (policy !== undefined && !policies.includes(String(policy))) {
    errors.push(fieldErrors.notSupported('propagationPolicy', policy, [...policies, 'nil']));
  }
  return [...errors, ...dryRunErrors(Array.isArray(dryRun) ? dryRun.map(String) : [])];
}
