import { statusError } from '../status-error.ts';

/** The form of an answer: as it is, as a Table or as metadata only. */
export type AnswerForm =
  | { readonly type: 'plain' }
  | { readonly type: 'table' | 'partial' | 'partial-list'; readonly version: 'v1' | 'v1beta1' };

const jsonTypes = new Set(['application/json', 'application/*', '*/*', '']);

/** Reads an Accept header: the first clause that can be served wins; 406 if there is none. */
export function negotiate(accept: string | undefined): AnswerForm {
  if (accept === undefined || accept.trim() === '') return { type: 'plain' };
  for (const clause of accept.split(',')) {
    const form = formOf(clause);
    if (form !== undefined) return form;
  }
  throw statusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    {},
  );
}

function formOf(clause: string): AnswerForm | undefined {
  const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
  if (!jsonTypes.has(type.toLowerCase())) return undefined;
  const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
  const as = values.get('as') ?? '';
  if (as === '') return { type: 'plain' };
  const version = values.get('v');
  if (values.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as === 'Table') return { type: 'table', version };
  if (as === 'PartialObjectMetadata') return { type: 'partial', version };
  return as === 'PartialObjectMetadataList' ? { type: 'partial-list', version } : undefined;
}
