import { collectionOf, inVersion } from '../operations/storage-form.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { groupVersionOf } from '../registry/resource-info.ts';
import type { Answer } from '../pipeline/answer.ts';
import { formMismatch } from '../pipeline/negotiate.ts';
import type { AnswerForm } from '../pipeline/negotiate.ts';
import { metadataOnly } from '../pipeline/partial.ts';
import { bodyResponse } from '../pipeline/present.ts';
import type { VerbInput } from '../pipeline/verb.ts';
import { toJSONText } from '../store/json-text.ts';
import type { ObjectValue } from '../value.ts';
import { itemText } from './item-text.ts';
import type { ListOptions } from './list-options.ts';
import { readListOptions } from './list-options.ts';
import { checkListVersion, readPage } from './page.ts';
import type { Page } from './page.ts';
import { reached } from './resource-version.ts';
import { readSelection } from './selection.ts';

/** The key prefix that a request is about. */
export function prefixOf(resource: ResourceInfo, namespace: string): string {
  return resource.namespaced && namespace !== '' ? `${namespace}/` : '';
}

/** LIST: a page of a collection in the form asked for. */
export async function list(input: VerbInput): Promise<Answer> {
  const options = readListOptions(input.context.info.query, false);
  return pageAnswer(input, await selectPage(input, options));
}

/** The stored objects that a request's selectors and options are about. */
export async function selectPage({ core, context, resource }: VerbInput, options: ListOptions): Promise<Page> {
  const { query, namespace } = context.info;
  const selection = readSelection(query, resource);
  const version = checkListVersion(options.resourceVersion);
  if (options.continueToken === '') await reached(core.store, core.options.clock, version);
  const { store } = core;
  const collection = store.collection(collectionOf(resource));
  return readPage({ store, collection, prefix: prefixOf(resource, namespace), selection }, options);
}

/** A page in the form asked for. */
export async function pageAnswer(input: VerbInput, page: Page): Promise<Answer> {
  const { form } = input;
  return { type: 'raw', response: await bodyResponse(200, pageText(input, page, form), form.media) };
}

function pageText(input: VerbInput, page: Page, form: AnswerForm): string {
  const { resource } = input;
  const metadata = listMetadata(resource, page);
  switch (form.type) {
    case 'table':
      return tableText(input, page, metadata, form.version);
    case 'partial':
      throw formMismatch('PartialObjectMetadata', `*core.${resource.listKind}`, true);
    case 'partial-list': {
      const items = page.items.map((stored) => metadataOnly(inVersion(resource, stored), form.version));
      const type = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${form.version}` };
      return toJSONText({ ...type, metadata: withoutEmptyToken(metadata), items: items.length === 0 ? null : items });
    }
    case 'plain': {
      const head = toJSONText({ kind: resource.listKind, apiVersion: groupVersionOf(resource), metadata });
      const items = page.items.map((stored) => itemText(resource, stored));
      return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
    }
  }
}

function tableText(input: VerbInput, page: Page, metadata: ObjectValue, version: 'v1' | 'v1beta1'): string {
  const { parts, context, resource } = input;
  const table = parts.tables.table({
    resource,
    version,
    objects: page.items.map((stored) => inVersion(resource, stored)),
    listMetadata: withoutEmptyToken(metadata),
    includeObject: context.info.query.get('includeObject'),
    columns: true,
    now: context.now,
  });
  return toJSONText(table);
}

function withoutEmptyToken(metadata: ObjectValue): ObjectValue {
  const { continue: token, ...rest } = metadata;
  return token === '' || token === undefined ? rest : { ...rest, continue: token };
}

/** Lists of custom resources always print `continue`. */
function listMetadata(resource: ResourceInfo, page: Page): ObjectValue {
  const { continueToken, remaining, revision } = page;
  return {
    ...(continueToken === undefined ? (resource.custom ? { continue: '' } : {}) : { continue: continueToken }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
    resourceVersion: String(revision),
  };
}
