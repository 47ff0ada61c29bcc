import type { WireResponse } from '@reeve/api';
import type { Parts } from '../parts.ts';
import { toJSONText } from '../store/json-text.ts';
import { metadataOf } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import type { Answer } from './answer.ts';
import type { RequestContext } from './context.ts';
import { formMismatch } from './negotiate.ts';
import type { AnswerForm } from './negotiate.ts';
import { metadataOnly } from './partial.ts';
import { protobufResponse } from './protobuf-answers.ts';
import { jsonResponse, textResponse } from './responses.ts';

/** Puts an answer into the form that the Accept header asks for. */
export async function present(
  parts: Parts,
  context: RequestContext,
  answer: Answer,
  form: AnswerForm,
): Promise<WireResponse> {
  if (answer.type === 'raw') return answer.response;
  return bodyResponse(answer.status, toJSONText(shaped(parts, context, answer, form)), form.media);
}

/** A JSON text as JSON, YAML or protobuf. */
export async function bodyResponse(status: number, text: string, media: AnswerForm['media']): Promise<WireResponse> {
  if (media === 'json') return jsonResponse(status, text);
  if (media === 'protobuf') return protobufResponse(status, text);
  // Few ask for YAML: the library is loaded for them only.
  const { stringify } = await import('yaml');
  return textResponse(status, stringify(JSON.parse(text)), { 'content-type': 'application/yaml' });
}

function shaped(
  parts: Parts,
  context: RequestContext,
  answer: Exclude<Answer, { readonly type: 'raw' }>,
  form: AnswerForm,
): ObjectValue {
  const { object } = answer;
  if (answer.type === 'plain' || form.type === 'plain') return object;
  if (form.type === 'partial') return metadataOnly(object, form.version);
  const { resource } = answer;
  if (form.type === 'partial-list') throw formMismatch('PartialObjectMetadataList', `*core.${resource.kind}`, false);
  return parts.tables.table({
    resource,
    version: form.version,
    objects: [object],
    listMetadata: { resourceVersion: metadataOf(object)['resourceVersion'] ?? '' },
    includeObject: context.info.query.get('includeObject'),
    columns: true,
    now: context.now,
  });
}
