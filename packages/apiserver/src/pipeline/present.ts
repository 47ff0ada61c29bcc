import type { WireResponse } from '@reeve/api';
import type { Parts } from '../parts.ts';
import type { Answer } from './answer.ts';
import type { RequestContext } from './context.ts';
import { negotiate } from './negotiate.ts';
import { metadataOnly } from './partial.ts';
import { valueResponse } from './responses.ts';

/** Puts an answer into the form that the Accept header asks for. */
export function present(parts: Parts, context: RequestContext, answer: Answer): WireResponse {
  if (answer.type === 'raw') return answer.response;
  const form = negotiate(context.request.headers['accept']);
  if (answer.type === 'plain' || form.type === 'plain') return valueResponse(answer.status, answer.object);
  const { resource, object, status } = answer;
  if (form.type === 'partial') return valueResponse(status, metadataOnly(object, form.version));
  const table = parts.tables.table({
    resource,
    version: form.version,
    objects: [object],
    listMetadata: { resourceVersion: resourceVersionOf(object) },
    includeObject: context.info.query.get('includeObject'),
    columns: true,
    now: context.now,
  });
  return valueResponse(status, table);
}

function resourceVersionOf(object: { readonly [key: string]: unknown }): string {
  const metadata = object['metadata'] as { readonly resourceVersion?: string } | undefined;
  return metadata?.resourceVersion ?? '';
}
