import { collectionOf, inVersion } from '../operations/storage-form.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { Answer } from './answer.ts';
import { jsonResponse } from './responses.ts';
import type { VerbInput } from './route.ts';
import { toJSONText } from '../store/json-text.ts';

export async function list({ core, context, resource }: VerbInput): Promise<Answer> {
  const { namespace } = context.info;
  const prefix = resource.namespaced && namespace !== '' ? `${namespace}/` : '';
  const items: string[] = [];
  for (const stored of core.store.scan(collectionOf(resource), prefix)) {
    items.push(toJSONText(inVersion(resource, stored)));
  }
  const head = { kind: resource.listKind, apiVersion: groupVersionOf(resource) };
  const metadata = { resourceVersion: String(core.store.revision) };
  const text = `${JSON.stringify({ ...head, metadata }).slice(0, -1)},"items":[${items.join(',')}]}`;
  return { type: 'raw', response: jsonResponse(200, text) };
}
