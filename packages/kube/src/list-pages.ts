import { resourcePath } from '@reeve/api';
import type { Clock, KubeList, KubeObject, ResourceDescriptor } from '@reeve/api';
import { splitList } from './decode/list-items.ts';
import { parseLean, withoutManagedFields } from './decode/managed-fields.ts';
import { stamped } from './decode/stamp.ts';
import type { DecodeOptions, ListOptions } from './options.ts';
import { createPacer } from './pacer.ts';
import { queryText, selectorParameters } from './query.ts';
import type { Sender } from './sender.ts';
import type { Stored } from './stored.ts';

/** What a list needs from its client. */
export interface ListContext<T extends KubeObject> {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly resource: ResourceDescriptor<T>;
  readonly namespace: string | undefined;
}

const metadataAccept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** The query of a list. */
export function listQuery(options: ListOptions): string {
  return queryText({
    ...selectorParameters(options),
    limit: options.limit,
    continue: options.continue,
    // A continue token carries its version; the server refuses both together.
    resourceVersion: options.continue === undefined ? options.resourceVersion : undefined,
    resourceVersionMatch: options.continue === undefined ? options.resourceVersionMatch : undefined,
  });
}

/** One page, its items parsed one by one with turns for others in between. */
export async function listPage<T extends KubeObject>(
  context: ListContext<T>,
  options: ListOptions & DecodeOptions,
): Promise<KubeList<Stored<T>>> {
  const { sender, resource, namespace, clock } = context;
  const bytes = await sender.fetch({
    method: 'GET',
    path: resourcePath(resource, { namespace }) + listQuery(options),
    signal: options.signal,
    timeoutMs: options.timeoutMs,
    ...(options.metadataOnly === true ? { accept: metadataAccept } : {}),
  });
  const { metadata, items } = splitList(bytes);
  const pace = createPacer(clock);
  const decoded: Stored<T>[] = [];
  for (const item of items) {
    decoded.push(decodeItem(resource, item, options.lean === true));
    await pace();
  }
  return { metadata, items: decoded };
}

function decodeItem<T extends KubeObject>(resource: ResourceDescriptor<T>, item: Buffer, lean: boolean): Stored<T> {
  if (!lean) return stamped(resource, JSON.parse(item.toString()) as T);
  return stamped(resource, withoutManagedFields(parseLean(item, 0) as T));
}

/** Page after page, all of one version. */
export async function* listPages<T extends KubeObject>(
  context: ListContext<T>,
  options: ListOptions & DecodeOptions,
): AsyncGenerator<KubeList<Stored<T>>, void, undefined> {
  let next = options.continue;
  do {
    const page = await listPage(context, {
      limit: 500,
      ...options,
      ...(next === undefined ? {} : { continue: next }),
    });
    yield page;
    next = page.metadata.continue;
  } while (next !== undefined && next !== '');
}
